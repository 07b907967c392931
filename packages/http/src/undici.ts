import api from 'undici/lib/api/index.js'
import buildConnector from 'undici/lib/core/connect.js'
import Agent from 'undici/lib/dispatcher/agent.js'
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js'

// What is used of undici. Its index loads a `fetch`, web sockets, caches and interceptors beside it, which takes twice as
// long, and adds the functions of its API to every dispatcher, as is done here.
Object.assign(Dispatcher.prototype, api)

export { Agent, buildConnector, Dispatcher, ProxyAgent }
