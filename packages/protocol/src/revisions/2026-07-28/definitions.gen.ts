// Generated from 2026-07-28/schema.json. Do not edit.
export const serverReceives = `
Annotations={audience?:[Role],lastModified?:s,priority?:n(0,1)}
AudioContent={_meta?:MetaObject,annotations?:Annotations,data:s,mimeType:s,type:"audio"}
BlobResourceContents={_meta?:MetaObject,blob:s,mimeType?:s,uri:s}
CallToolRequestParams={_meta:RequestMetaObject,arguments?:{},inputResponses?:InputResponses,name:s,requestState?:s}
CancelledNotificationParams={_meta?:NotificationMetaObject,reason?:s,requestId:RequestId}
ClientCapabilities={elicitation?:{form?:JSONObject,url?:JSONObject},experimental?:{*:JSONObject},extensions?:{*:JSONObject},roots?:{},sampling?:{context?:JSONObject,tools?:JSONObject}}
CompleteRequestParams={_meta:RequestMetaObject,argument:{name:s,value:s},context?:{arguments?:{*:s}},ref:PromptReference|ResourceTemplateReference}
ContentBlock=TextContent|ImageContent|AudioContent|ResourceLink|EmbeddedResource
CreateMessageResult={_meta?:MetaObject,content:TextContent|ImageContent|AudioContent|ToolUseContent|ToolResultContent|[SamplingMessageContentBlock],model:s,role:Role,stopReason?:s}
ElicitResult={action:"accept"/"cancel"/"decline",content?:{*:[s]|s/n/b}}
EmbeddedResource={_meta?:MetaObject,annotations?:Annotations,resource:TextResourceContents|BlobResourceContents,type:"resource"}
GetPromptRequestParams={_meta:RequestMetaObject,arguments?:{*:s},inputResponses?:InputResponses,name:s,requestState?:s}
Icon={mimeType?:s,sizes?:[s],src:s,theme?:"dark"/"light"}
ImageContent={_meta?:MetaObject,annotations?:Annotations,data:s,mimeType:s,type:"image"}
Implementation={description?:s,icons?:[Icon],name:s,title?:s,version:s,websiteUrl?:s}
InputResponse=CreateMessageResult|ListRootsResult|ElicitResult
InputResponses={*:InputResponse}
JSONObject={*:JSONValue}
JSONValue=JSONObject|[JSONValue]|s/n/b/z
ListRootsResult={roots:[Root]}
LoggingLevel="alert"/"critical"/"debug"/"emergency"/"error"/"info"/"notice"/"warning"
MetaObject={}
NotificationMetaObject={"io.modelcontextprotocol/subscriptionId"?:RequestId}
PaginatedRequestParams={_meta:RequestMetaObject,cursor?:s}
ProgressToken=s/i
PromptReference={name:s,title?:s,type:"ref/prompt"}
ReadResourceRequestParams={_meta:RequestMetaObject,inputResponses?:InputResponses,requestState?:s,uri:s}
RequestId=s/i
RequestMetaObject={"io.modelcontextprotocol/clientCapabilities":ClientCapabilities,"io.modelcontextprotocol/clientInfo"?:Implementation,"io.modelcontextprotocol/logLevel"?:LoggingLevel,"io.modelcontextprotocol/protocolVersion":s,progressToken?:ProgressToken}
RequestParams={_meta:RequestMetaObject}
ResourceLink={_meta?:MetaObject,annotations?:Annotations,description?:s,icons?:[Icon],mimeType?:s,name:s,size?:i,title?:s,type:"resource_link",uri:s}
ResourceTemplateReference={type:"ref/resource",uri:s}
Role="assistant"/"user"
Root={_meta?:MetaObject,name?:s,uri:s}
SamplingMessageContentBlock=TextContent|ImageContent|AudioContent|ToolUseContent|ToolResultContent
SubscriptionFilter={promptsListChanged?:b,resourceSubscriptions?:[s],resourcesListChanged?:b,toolsListChanged?:b}
SubscriptionsListenRequestParams={_meta:RequestMetaObject,notifications:SubscriptionFilter}
TextContent={_meta?:MetaObject,annotations?:Annotations,text:s,type:"text"}
TextResourceContents={_meta?:MetaObject,mimeType?:s,text:s,uri:s}
ToolResultContent={_meta?:MetaObject,content:[ContentBlock],isError?:b,structuredContent?:_,toolUseId:s,type:"tool_result"}
ToolUseContent={_meta?:MetaObject,id:s,input:{},name:s,type:"tool_use"}
`

export const clientReceives = `
BooleanSchema={default?:b,description?:s,title?:s,type:"boolean"}
CallToolResult={_meta?:ResultMetaObject,content:[ContentBlock],isError?:b,resultType:s,structuredContent?:_}
CompleteResult={_meta?:ResultMetaObject,completion:{hasMore?:b,total?:i,values:[s,100]},resultType:s}
CreateMessageRequest={method:"sampling/createMessage",params:CreateMessageRequestParams}
CreateMessageRequestParams={includeContext?:"allServers"/"none"/"thisServer",maxTokens:i,messages:[SamplingMessage],metadata?:JSONObject,modelPreferences?:ModelPreferences,stopSequences?:[s],systemPrompt?:s,temperature?:n,toolChoice?:ToolChoice,tools?:[Tool]}
DiscoverResult={_meta?:ResultMetaObject,cacheScope:"private"/"public",capabilities:ServerCapabilities,instructions?:s,resultType:s,supportedVersions:[s],ttlMs:i(0,)}
ElicitRequest={method:"elicitation/create",params:ElicitRequestParams}
ElicitRequestFormParams={message:s,mode?:"form",requestedSchema:{"$schema"?:s,properties:{*:PrimitiveSchemaDefinition},required?:[s],type:"object"}}
ElicitRequestParams=ElicitRequestFormParams|ElicitRequestURLParams
ElicitRequestURLParams={message:s,mode:"url",url:s}
GetPromptResult={_meta?:ResultMetaObject,description?:s,messages:[PromptMessage],resultType:s}
InputRequest=CreateMessageRequest|ListRootsRequest|ElicitRequest
InputRequests={*:InputRequest}
InputRequiredResult={_meta?:ResultMetaObject,inputRequests?:InputRequests,requestState?:s,resultType:s}
LegacyTitledEnumSchema={default?:s,description?:s,enum:[s],enumNames?:[s],title?:s,type:"string"}
ListPromptsResult={_meta?:ResultMetaObject,cacheScope:"private"/"public",nextCursor?:s,prompts:[Prompt],resultType:s,ttlMs:i(0,)}
ListResourceTemplatesResult={_meta?:ResultMetaObject,cacheScope:"private"/"public",nextCursor?:s,resourceTemplates:[ResourceTemplate],resultType:s,ttlMs:i(0,)}
ListResourcesResult={_meta?:ResultMetaObject,cacheScope:"private"/"public",nextCursor?:s,resources:[Resource],resultType:s,ttlMs:i(0,)}
ListRootsRequest={method:"roots/list",params?:ListRootsRequestParams}
ListRootsRequestParams={_meta?:MetaObject}
ListToolsResult={_meta?:ResultMetaObject,cacheScope:"private"/"public",nextCursor?:s,resultType:s,tools:[Tool],ttlMs:i(0,)}
LoggingMessageNotificationParams={_meta?:NotificationMetaObject,data:_,level:LoggingLevel,logger?:s}
ModelHint={name?:s}
ModelPreferences={costPriority?:n(0,1),hints?:[ModelHint],intelligencePriority?:n(0,1),speedPriority?:n(0,1)}
NotificationParams={_meta?:NotificationMetaObject}
NumberSchema={default?:n,description?:s,maximum?:n,minimum?:n,title?:s,type:"integer"/"number"}
PrimitiveSchemaDefinition=StringSchema|NumberSchema|BooleanSchema|UntitledSingleSelectEnumSchema|TitledSingleSelectEnumSchema|UntitledMultiSelectEnumSchema|TitledMultiSelectEnumSchema|LegacyTitledEnumSchema
ProgressNotificationParams={_meta?:NotificationMetaObject,message?:s,progress:n,progressToken:ProgressToken,total?:n}
Prompt={_meta?:MetaObject,arguments?:[PromptArgument],description?:s,icons?:[Icon],name:s,title?:s}
PromptArgument={description?:s,name:s,required?:b,title?:s}
PromptMessage={content:ContentBlock,role:Role}
ReadResourceResult={_meta?:ResultMetaObject,cacheScope:"private"/"public",contents:[TextResourceContents|BlobResourceContents],resultType:s,ttlMs:i(0,)}
Resource={_meta?:MetaObject,annotations?:Annotations,description?:s,icons?:[Icon],mimeType?:s,name:s,size?:i,title?:s,uri:s}
ResourceTemplate={_meta?:MetaObject,annotations?:Annotations,description?:s,icons?:[Icon],mimeType?:s,name:s,title?:s,uriTemplate:s}
ResourceUpdatedNotificationParams={_meta?:NotificationMetaObject,uri:s}
ResultMetaObject={"io.modelcontextprotocol/serverInfo"?:Implementation}
SamplingMessage={_meta?:MetaObject,content:TextContent|ImageContent|AudioContent|ToolUseContent|ToolResultContent|[SamplingMessageContentBlock],role:Role}
ServerCapabilities={completions?:JSONObject,experimental?:{*:JSONObject},extensions?:{*:JSONObject},logging?:JSONObject,prompts?:{listChanged?:b},resources?:{listChanged?:b,subscribe?:b},tools?:{listChanged?:b}}
StringSchema={default?:s,description?:s,format?:"date"/"date-time"/"email"/"uri",maxLength?:i,minLength?:i,title?:s,type:"string"}
SubscriptionsAcknowledgedNotificationParams={_meta?:NotificationMetaObject,notifications:SubscriptionFilter}
SubscriptionsListenResult={_meta:SubscriptionsListenResultMetaObject,resultType:s}
SubscriptionsListenResultMetaObject={"io.modelcontextprotocol/serverInfo"?:Implementation,"io.modelcontextprotocol/subscriptionId":RequestId}
TitledMultiSelectEnumSchema={default?:[s],description?:s,items:{anyOf:[{const:s,title:s}]},maxItems?:i,minItems?:i,title?:s,type:"array"}
TitledSingleSelectEnumSchema={default?:s,description?:s,oneOf:[{const:s,title:s}],title?:s,type:"string"}
Tool={_meta?:MetaObject,annotations?:ToolAnnotations,description?:s,icons?:[Icon],inputSchema:{"$schema"?:s,type:"object"},name:s,outputSchema?:{"$schema"?:s},title?:s}
ToolAnnotations={destructiveHint?:b,idempotentHint?:b,openWorldHint?:b,readOnlyHint?:b,title?:s}
ToolChoice={mode?:"auto"/"none"/"required"}
UntitledMultiSelectEnumSchema={default?:[s],description?:s,items:{enum:[s],type:"string"},maxItems?:i,minItems?:i,title?:s,type:"array"}
UntitledSingleSelectEnumSchema={default?:s,description?:s,enum:[s],title?:s,type:"string"}
`

export const methods = `
completion/complete client CompleteRequestParams CompleteResult
elicitation/create server ElicitRequestParams ElicitResult
prompts/get client GetPromptRequestParams GetPromptResult
prompts/list client PaginatedRequestParams ListPromptsResult
resources/list client PaginatedRequestParams ListResourcesResult
resources/read client ReadResourceRequestParams ReadResourceResult
resources/templates/list client PaginatedRequestParams ListResourceTemplatesResult
roots/list server ListRootsRequestParams? ListRootsResult
sampling/createMessage server CreateMessageRequestParams CreateMessageResult
server/discover client RequestParams DiscoverResult
subscriptions/listen client SubscriptionsListenRequestParams SubscriptionsListenResult
tools/call client CallToolRequestParams CallToolResult
tools/list client PaginatedRequestParams ListToolsResult
notifications/cancelled both CancelledNotificationParams
notifications/message server LoggingMessageNotificationParams
notifications/progress server ProgressNotificationParams
notifications/prompts/list_changed server NotificationParams?
notifications/resources/list_changed server NotificationParams?
notifications/resources/updated server ResourceUpdatedNotificationParams
notifications/subscriptions/acknowledged server SubscriptionsAcknowledgedNotificationParams
notifications/tools/list_changed server NotificationParams?
`
