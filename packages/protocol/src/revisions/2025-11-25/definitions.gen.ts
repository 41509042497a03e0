// Generated from 2025-11-25/schema.json. Do not edit.
export const serverReceives = `
AudioContent={_meta?:{},annotations?:Annotations,data:s,mimeType:s,type:"audio"}
BlobResourceContents={_meta?:{},blob:s,mimeType?:s,uri:s}
CallToolRequestParams={_meta?:{progressToken?:ProgressToken},arguments?:{},name:s,task?:TaskMetadata}
CancelTaskRequestParams={taskId:s}
CancelTaskResult=Result&Task
CancelledNotificationParams={_meta?:{},reason?:s,requestId?:RequestId}
ClientCapabilities={elicitation?:{form?:{},url?:{}},experimental?:{*:{}},roots?:{listChanged?:b},sampling?:{context?:{},tools?:{}},tasks?:{cancel?:{},list?:{},requests?:{elicitation?:{create?:{}},sampling?:{createMessage?:{}}}}}
CompleteRequestParams={_meta?:{progressToken?:ProgressToken},argument:{name:s,value:s},context?:{arguments?:{*:s}},ref:PromptReference|ResourceTemplateReference}
CreateMessageResult={_meta?:{},content:TextContent|ImageContent|AudioContent|ToolUseContent|ToolResultContent|[SamplingMessageContentBlock],model:s,role:Role,stopReason?:s}
ElicitResult={_meta?:{},action:"accept"/"cancel"/"decline",content?:{*:[s]|s/n/b}}
EmbeddedResource={_meta?:{},annotations?:Annotations,resource:TextResourceContents|BlobResourceContents,type:"resource"}
EmptyResult=Result
GetPromptRequestParams={_meta?:{progressToken?:ProgressToken},arguments?:{*:s},name:s}
GetTaskPayloadRequestParams={taskId:s}
GetTaskPayloadResult={_meta?:{}}
GetTaskRequestParams={taskId:s}
GetTaskResult=Result&Task
ImageContent={_meta?:{},annotations?:Annotations,data:s,mimeType:s,type:"image"}
InitializeRequestParams={_meta?:{progressToken?:ProgressToken},capabilities:ClientCapabilities,clientInfo:Implementation,protocolVersion:s}
ListRootsResult={_meta?:{},roots:[Root]}
ListTasksResult={_meta?:{},nextCursor?:s,tasks:[Task]}
NotificationParams={_meta?:{}}
PaginatedRequestParams={_meta?:{progressToken?:ProgressToken},cursor?:s}
ProgressNotificationParams={_meta?:{},message?:s,progress:n,progressToken:ProgressToken,total?:n}
ReadResourceRequestParams={_meta?:{progressToken?:ProgressToken},uri:s}
RequestParams={_meta?:{progressToken?:ProgressToken}}
ResourceLink={_meta?:{},annotations?:Annotations,description?:s,icons?:[Icon],mimeType?:s,name:s,size?:i,title?:s,type:"resource_link",uri:s}
Result={_meta?:{}}
Root={_meta?:{},name?:s,uri:s}
SetLevelRequestParams={_meta?:{progressToken?:ProgressToken},level:LoggingLevel}
SubscribeRequestParams={_meta?:{progressToken?:ProgressToken},uri:s}
Task={createdAt:s,lastUpdatedAt:s,pollInterval?:i,status:TaskStatus,statusMessage?:s,taskId:s,ttl:i/z}
TaskMetadata={ttl?:i}
TaskStatus="cancelled"/"completed"/"failed"/"input_required"/"working"
TaskStatusNotificationParams=NotificationParams&Task
TextContent={_meta?:{},annotations?:Annotations,text:s,type:"text"}
TextResourceContents={_meta?:{},mimeType?:s,text:s,uri:s}
ToolResultContent={_meta?:{},content:[ContentBlock],isError?:b,structuredContent?:{},toolUseId:s,type:"tool_result"}
ToolUseContent={_meta?:{},id:s,input:{},name:s,type:"tool_use"}
UnsubscribeRequestParams={_meta?:{progressToken?:ProgressToken},uri:s}
`

export const clientReceives = `
CallToolResult={_meta?:{},content:[ContentBlock],isError?:b,structuredContent?:{}}
CompleteResult={_meta?:{},completion:{hasMore?:b,total?:i,values:[s]}}
CreateMessageRequestParams={_meta?:{progressToken?:ProgressToken},includeContext?:"allServers"/"none"/"thisServer",maxTokens:i,messages:[SamplingMessage],metadata?:{},modelPreferences?:ModelPreferences,stopSequences?:[s],systemPrompt?:s,task?:TaskMetadata,temperature?:n,toolChoice?:ToolChoice,tools?:[Tool]}
CreateTaskResult={_meta?:{},task:Task}
ElicitRequestFormParams={_meta?:{progressToken?:ProgressToken},message:s,mode?:"form",requestedSchema:{"$schema"?:s,properties:{*:PrimitiveSchemaDefinition},required?:[s],type:"object"},task?:TaskMetadata}
ElicitRequestParams=ElicitRequestURLParams|ElicitRequestFormParams
ElicitRequestURLParams={_meta?:{progressToken?:ProgressToken},elicitationId:s,message:s,mode:"url",task?:TaskMetadata,url:s}
ElicitationCompleteNotificationParams={elicitationId:s}
GetPromptResult={_meta?:{},description?:s,messages:[PromptMessage]}
InitializeResult={_meta?:{},capabilities:ServerCapabilities,instructions?:s,protocolVersion:s,serverInfo:Implementation}
ListPromptsResult={_meta?:{},nextCursor?:s,prompts:[Prompt]}
ListResourceTemplatesResult={_meta?:{},nextCursor?:s,resourceTemplates:[ResourceTemplate]}
ListResourcesResult={_meta?:{},nextCursor?:s,resources:[Resource]}
ListToolsResult={_meta?:{},nextCursor?:s,tools:[Tool]}
LoggingMessageNotificationParams={_meta?:{},data:_,level:LoggingLevel,logger?:s}
Prompt={_meta?:{},arguments?:[PromptArgument],description?:s,icons?:[Icon],name:s,title?:s}
ReadResourceResult={_meta?:{},contents:[TextResourceContents|BlobResourceContents]}
Resource={_meta?:{},annotations?:Annotations,description?:s,icons?:[Icon],mimeType?:s,name:s,size?:i,title?:s,uri:s}
ResourceTemplate={_meta?:{},annotations?:Annotations,description?:s,icons?:[Icon],mimeType?:s,name:s,title?:s,uriTemplate:s}
ResourceUpdatedNotificationParams={_meta?:{},uri:s}
SamplingMessage={_meta?:{},content:TextContent|ImageContent|AudioContent|ToolUseContent|ToolResultContent|[SamplingMessageContentBlock],role:Role}
ServerCapabilities={completions?:{},experimental?:{*:{}},logging?:{},prompts?:{listChanged?:b},resources?:{listChanged?:b,subscribe?:b},tasks?:{cancel?:{},list?:{},requests?:{tools?:{call?:{}}}},tools?:{listChanged?:b}}
Tool={_meta?:{},annotations?:ToolAnnotations,description?:s,execution?:ToolExecution,icons?:[Icon],inputSchema:{"$schema"?:s,properties?:{*:{}},required?:[s],type:"object"},name:s,outputSchema?:{"$schema"?:s,properties?:{*:{}},required?:[s],type:"object"},title?:s}
ToolExecution={taskSupport?:"forbidden"/"optional"/"required"}
InputResponse=
InputResponses=
JSONObject=
JSONValue=
MetaObject=
NotificationMetaObject=
RequestMetaObject=
SubscriptionFilter=
SubscriptionsListenRequestParams=
CreateMessageRequest=
DiscoverResult=
ElicitRequest=
InputRequest=
InputRequests=
InputRequiredResult=
ListRootsRequest=
ListRootsRequestParams=
ResultMetaObject=
SubscriptionsAcknowledgedNotificationParams=
SubscriptionsListenResult=
SubscriptionsListenResultMetaObject=
`

export const methods = `
initialize client InitializeRequestParams InitializeResult
logging/setLevel client SetLevelRequestParams EmptyResult
ping both RequestParams? EmptyResult
prompts/list client PaginatedRequestParams? ListPromptsResult
resources/list client PaginatedRequestParams? ListResourcesResult
resources/subscribe client SubscribeRequestParams EmptyResult
resources/templates/list client PaginatedRequestParams? ListResourceTemplatesResult
resources/unsubscribe client UnsubscribeRequestParams EmptyResult
roots/list server RequestParams? ListRootsResult
tasks/cancel both CancelTaskRequestParams CancelTaskResult
tasks/get both GetTaskRequestParams GetTaskResult
tasks/list both PaginatedRequestParams? ListTasksResult
tasks/result both GetTaskPayloadRequestParams GetTaskPayloadResult
tools/list client PaginatedRequestParams? ListToolsResult
notifications/elicitation/complete server ElicitationCompleteNotificationParams
notifications/initialized client NotificationParams?
notifications/progress both ProgressNotificationParams
notifications/roots/list_changed client NotificationParams?
notifications/tasks/status both TaskStatusNotificationParams
server/discover
subscriptions/listen
notifications/subscriptions/acknowledged
`
