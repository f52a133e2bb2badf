export interface ProxyAddress {
  readonly host: string;
  readonly port: number;
  /** Whether the proxy itself is spoken to over TLS. */
  readonly tls: boolean;
  readonly credentials?: ProxyCredentials;
}

export interface ProxyCredentials {
  readonly username: string;
  readonly password: string;
}

/** Which proxies lead where: data, which threads can be told. */
export interface ProxySettings {
  /** To what is spoken to over TLS, and to what is not. */
  readonly https?: ProxyAddress;
  readonly http?: ProxyAddress;
  /** Hosts that are not reached through them: names with all below them, addresses, each perhaps with a port; or `*`. */
  readonly noProxy: readonly string[];
  /** Of Secrets Manager: a JSON object with `password`, and `username` where that is not given; or the password alone. */
  readonly secretId?: string;
  readonly user?: string;
}

/** What is given on the command line leads everywhere; else the environment's variables do as they do for other programs. */
export function proxySettings(
  given: { address?: string; secretId?: string; user?: string; noProxy?: string }, environment: NodeJS.ProcessEnv,
): ProxySettings {
  const variable = (name: string) => environment[name.toLowerCase()] || environment[name] || undefined;
  const address = (name: string) => given.address ?? variable(name) ?? variable('ALL_PROXY');
  const [https, http] = ['HTTPS_PROXY', 'HTTP_PROXY'].map(address).map((each) => (each === undefined ? undefined : proxyAddress(each)));
  const noProxy = (given.noProxy ?? variable('NO_PROXY') ?? '').split(/[\s,]+/).filter(Boolean);
  return { https, http, noProxy, secretId: given.secretId, user: given.user };
}

/** `<host>:<port>`, or a URL. @throws Error without what is secret */
export function proxyAddress(text: string): ProxyAddress {
  const address = /^[a-z0-9]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') throw new Error('a proxy is <host>:<port>, or a URL that begins with http:// or https://');
  const { hostname, port, protocol, username, password } = url;
  const tls = protocol === 'https:';
  const credentials = username === '' ? {} : { credentials: { username: decodeURIComponent(username), password: decodeURIComponent(password) } };
  return { host: bare(hostname), port: Number(port || (tls ? 443 : 80)), tls, ...credentials };
}

/** Whether a host is reached without a proxy. */
export function bypasses(noProxy: readonly string[], host: string, port: number): boolean {
  return noProxy.some((entry) => {
    const [, name, itsPort] = /^(.*?)(?::(\d+))?$/.exec(entry.includes('::') && !entry.startsWith('[') ? `[${entry}]` : entry) ?? [];
    const domain = bare(name.replace(/^\*?\./, '')).toLowerCase();
    return (entry === '*' || host.toLowerCase() === domain || host.toLowerCase().endsWith(`.${domain}`)) && (itsPort === undefined || Number(itsPort) === port);
  });
}

/** Of a host: without the brackets of an IPv6 address. */
export function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
