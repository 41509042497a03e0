// Generated from 2025-03-26/schema.json. Do not edit.
export const serverReceives = `
Annotations={audience?:[Role],priority?:n(0,1)}
AudioContent={annotations?:Annotations,data:s,mimeType:s,type:"audio"}
BlobResourceContents={blob:s,mimeType?:s,uri:s}
ClientCapabilities={experimental?:{*:{}},roots?:{listChanged?:b},sampling?:{}}
CompleteRequestParams={argument:{name:s,value:s},ref:PromptReference|ResourceReference}
ContentBlock=TextContent|ImageContent|AudioContent|EmbeddedResource
EmbeddedResource={annotations?:Annotations,resource:TextResourceContents|BlobResourceContents,type:"resource"}
ImageContent={annotations?:Annotations,data:s,mimeType:s,type:"image"}
Implementation={name:s,version:s}
PromptReference={name:s,type:"ref/prompt"}
ResourceReference={type:"ref/resource",uri:s}
Root={name?:s,uri:s}
TextContent={annotations?:Annotations,text:s,type:"text"}
TextResourceContents={mimeType?:s,text:s,uri:s}
`

export const clientReceives = `
CallToolResult={_meta?:{},content:[TextContent|ImageContent|AudioContent|EmbeddedResource],isError?:b}
Prompt={arguments?:[PromptArgument],description?:s,name:s}
PromptArgument={description?:s,name:s,required?:b}
PromptMessage={content:TextContent|ImageContent|AudioContent|EmbeddedResource,role:Role}
Resource={annotations?:Annotations,description?:s,mimeType?:s,name:s,size?:i,uri:s}
ResourceTemplate={annotations?:Annotations,description?:s,mimeType?:s,name:s,uriTemplate:s}
Tool={annotations?:ToolAnnotations,description?:s,inputSchema:{properties?:{*:{}},required?:[s],type:"object"},name:s}
ElicitResult=
ResourceLink=
ResourceTemplateReference=
BooleanSchema=
ElicitRequestParams=
EnumSchema=
NumberSchema=
PrimitiveSchemaDefinition=
StringSchema=
`

export const methods = `
elicitation/create
`
