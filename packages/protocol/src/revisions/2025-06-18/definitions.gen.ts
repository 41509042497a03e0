// Generated from 2025-06-18/schema.json. Do not edit.
export const serverReceives = `
CallToolRequestParams={arguments?:{},name:s}
CancelledNotificationParams={reason?:s,requestId:RequestId}
ClientCapabilities={elicitation?:{},experimental?:{*:{}},roots?:{listChanged?:b},sampling?:{}}
CompleteRequestParams={argument:{name:s,value:s},context?:{arguments?:{*:s}},ref:PromptReference|ResourceTemplateReference}
CreateMessageResult={_meta?:{},content:TextContent|ImageContent|AudioContent,model:s,role:Role,stopReason?:s}
ElicitResult={_meta?:{},action:"accept"/"cancel"/"decline",content?:{*:s/n/b}}
GetPromptRequestParams={arguments?:{*:s},name:s}
Implementation={name:s,title?:s,version:s}
InitializeRequestParams={capabilities:ClientCapabilities,clientInfo:Implementation,protocolVersion:s}
InitializedNotificationParams={_meta?:{}}
ListPromptsRequestParams={cursor?:s}
ListResourceTemplatesRequestParams={cursor?:s}
ListResourcesRequestParams={cursor?:s}
ListToolsRequestParams={cursor?:s}
PingRequestParams={_meta?:{progressToken?:ProgressToken}}
ProgressNotificationParams={message?:s,progress:n,progressToken:ProgressToken,total?:n}
ReadResourceRequestParams={uri:s}
ResourceLink={_meta?:{},annotations?:Annotations,description?:s,mimeType?:s,name:s,size?:i,title?:s,type:"resource_link",uri:s}
RootsListChangedNotificationParams={_meta?:{}}
SetLevelRequestParams={level:LoggingLevel}
SubscribeRequestParams={uri:s}
UnsubscribeRequestParams={uri:s}
`

export const clientReceives = `
CreateMessageRequestParams={includeContext?:"allServers"/"none"/"thisServer",maxTokens:i,messages:[SamplingMessage],metadata?:{},modelPreferences?:ModelPreferences,stopSequences?:[s],systemPrompt?:s,temperature?:n}
ElicitRequestParams={message:s,requestedSchema:{properties:{*:PrimitiveSchemaDefinition},required?:[s],type:"object"}}
EnumSchema={description?:s,enum:[s],enumNames?:[s],title?:s,type:"string"}
ListRootsRequestParams={_meta?:{progressToken?:ProgressToken}}
LoggingMessageNotificationParams={data:_,level:LoggingLevel,logger?:s}
NumberSchema={description?:s,maximum?:n,minimum?:n,title?:s,type:"integer"/"number"}
PrimitiveSchemaDefinition=StringSchema|NumberSchema|BooleanSchema|EnumSchema
Prompt={_meta?:{},arguments?:[PromptArgument],description?:s,name:s,title?:s}
PromptListChangedNotificationParams={_meta?:{}}
Resource={_meta?:{},annotations?:Annotations,description?:s,mimeType?:s,name:s,size?:i,title?:s,uri:s}
ResourceListChangedNotificationParams={_meta?:{}}
ResourceTemplate={_meta?:{},annotations?:Annotations,description?:s,mimeType?:s,name:s,title?:s,uriTemplate:s}
ResourceUpdatedNotificationParams={uri:s}
SamplingMessage={content:TextContent|ImageContent|AudioContent,role:Role}
ServerCapabilities={completions?:{},experimental?:{*:{}},logging?:{},prompts?:{listChanged?:b},resources?:{listChanged?:b,subscribe?:b},tools?:{listChanged?:b}}
StringSchema={description?:s,format?:"date"/"date-time"/"email"/"uri",maxLength?:i,minLength?:i,title?:s,type:"string"}
Tool={_meta?:{},annotations?:ToolAnnotations,description?:s,inputSchema:{properties?:{*:{}},required?:[s],type:"object"},name:s,outputSchema?:{properties?:{*:{}},required?:[s],type:"object"},title?:s}
ToolListChangedNotificationParams={_meta?:{}}
CancelTaskRequestParams=
CancelTaskResult=
GetTaskPayloadRequestParams=
GetTaskPayloadResult=
GetTaskRequestParams=
GetTaskResult=
Icon=
ListTasksResult=
NotificationParams=
PaginatedRequestParams=
RequestParams=
SamplingMessageContentBlock=
Task=
TaskMetadata=
TaskStatus=
TaskStatusNotificationParams=
ToolResultContent=
ToolUseContent=
CreateTaskResult=
ElicitRequestFormParams=
ElicitRequestURLParams=
ElicitationCompleteNotificationParams=
LegacyTitledEnumSchema=
TitledMultiSelectEnumSchema=
TitledSingleSelectEnumSchema=
ToolChoice=
ToolExecution=
UntitledMultiSelectEnumSchema=
UntitledSingleSelectEnumSchema=
`

export const methods = `
ping both PingRequestParams? EmptyResult
prompts/list client ListPromptsRequestParams? ListPromptsResult
resources/list client ListResourcesRequestParams? ListResourcesResult
resources/templates/list client ListResourceTemplatesRequestParams? ListResourceTemplatesResult
roots/list server ListRootsRequestParams? ListRootsResult
tools/list client ListToolsRequestParams? ListToolsResult
notifications/initialized client InitializedNotificationParams?
notifications/prompts/list_changed server PromptListChangedNotificationParams?
notifications/resources/list_changed server ResourceListChangedNotificationParams?
notifications/roots/list_changed client RootsListChangedNotificationParams?
notifications/tools/list_changed server ToolListChangedNotificationParams?
tasks/cancel
tasks/get
tasks/list
tasks/result
notifications/elicitation/complete
notifications/tasks/status
`
