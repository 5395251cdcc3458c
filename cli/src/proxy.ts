import type { ProxySettings } from '@sotto/client-core'
import { parseProxyUrl } from '@sotto/protocol'

import type { Invocation } from './commands/command.js'

/** A proxy as it is given: a URL, or `none`. Throws without repeating what may hold a password. */
export function checkProxy(text: string): string {
  return text === 'none' ? text : parseProxyUrl(text).url
}

const VARIABLES = ['all_proxy', 'https_proxy', 'no_proxy']

/**
 * What flags, files and the environment say of proxies. A password among the arguments, where other
 * programs see it, is remarked upon.
 */
export function proxySettings({
  globals,
  output,
  world,
}: Pick<Invocation, 'globals' | 'output' | 'world'>): ProxySettings {
  const setting = globals.settings.get('proxy')
  if (setting?.origin === 'flag' && /:[^/@]+@/.test(setting.value)) {
    output.note('other programs see the password of the proxy; put it into the configuration file')
  }
  const names = VARIABLES.flatMap((name) => [name, name.toUpperCase()])
  return {
    environment: Object.fromEntries(names.map((name) => [name, world.env[name]])),
    ...(globals.proxy === undefined ? {} : { given: globals.proxy }),
    ...(globals.proxy !== undefined || setting === undefined ? {} : { configured: setting.value }),
  }
}

/** The proxy that was typed, for an account that shall keep it; undefined: none was. */
export function typedProxy({ globals }: Pick<Invocation, 'globals'>): string | undefined {
  return globals.settings.get('proxy')?.origin === 'flag' ? globals.proxy : undefined
}
