// Generated from 2024-11-05/schema.json. Do not edit.
export const serverReceives = `
ContentBlock=TextContent|ImageContent|EmbeddedResource
CreateMessageResult={_meta?:{},content:TextContent|ImageContent,model:s,role:Role,stopReason?:s}
EmbeddedResource={annotations?:{audience?:[Role],priority?:n(0,1)},resource:TextResourceContents|BlobResourceContents,type:"resource"}
ImageContent={annotations?:{audience?:[Role],priority?:n(0,1)},data:s,mimeType:s,type:"image"}
ProgressNotificationParams={progress:n,progressToken:ProgressToken,total?:n}
TextContent={annotations?:{audience?:[Role],priority?:n(0,1)},text:s,type:"text"}
`

export const clientReceives = `
CallToolResult={_meta?:{},content:[TextContent|ImageContent|EmbeddedResource],isError?:b}
PromptMessage={content:TextContent|ImageContent|EmbeddedResource,role:Role}
Resource={annotations?:{audience?:[Role],priority?:n(0,1)},description?:s,mimeType?:s,name:s,size?:i,uri:s}
ResourceTemplate={annotations?:{audience?:[Role],priority?:n(0,1)},description?:s,mimeType?:s,name:s,uriTemplate:s}
SamplingMessage={content:TextContent|ImageContent,role:Role}
ServerCapabilities={experimental?:{*:{}},logging?:{},prompts?:{listChanged?:b},resources?:{listChanged?:b,subscribe?:b},tools?:{listChanged?:b}}
Tool={description?:s,inputSchema:{properties?:{*:{}},required?:[s],type:"object"},name:s}
Annotations=
AudioContent=
ToolAnnotations=
`

export const methods = `
`
