/**
 * Loaded before gateways of other makers, some of which fetch from the internet when they start. Whatever they connect to
 * outside of loopback is refused, as by a port where nobody listens.
 */
const { Socket } = require('node:net')

const isLoopback = host => host === undefined || /^(?:localhost|127\.[\d.]+|::1|0\.0\.0\.0|::)$/.test(host)
const refusing = { host: '127.0.0.1', port: 9 }

const { connect } = Socket.prototype
Socket.prototype.connect = function (...args) {
  // The platform's own callers hand over an array: options and a listener.
  const [first, ...rest] = Array.isArray(args[0]) ? args[0] : args
  if (typeof first !== 'object' || first === null || isLoopback(first.host)) return connect.apply(this, args)
  return connect.call(this, { ...first, ...refusing }, ...rest.filter(each => typeof each === 'function'))
}
