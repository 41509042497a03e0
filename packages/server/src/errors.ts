/**
 * Thrown by a tool to tell the model what went wrong and what to do about it. The message reaches the model as it is;
 * every other error reaches it as a fixed sentence.
 */
export class ToolError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ToolError'
  }
}
