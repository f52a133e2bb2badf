/** XML as S3 writes it, and the little of it that it reads. */

export type XmlNode = string | number | boolean | Date | undefined | XmlNode[] | { readonly [name: string]: XmlNode };

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

/** An array repeats its element; what is undefined is left out. */
export function xml(root: string, content: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content)}`;
}

function element(name: string, content: XmlNode): string {
  if (content === undefined) return '';
  if (Array.isArray(content)) return content.map(item => element(name, item)).join('');
  return `<${name}>${inner(content)}</${name}>`;
}

function inner(content: Exclude<XmlNode, undefined | XmlNode[]>): string {
  if (content instanceof Date) return content.toISOString();
  if (typeof content === 'object') return Object.entries(content).map(([name, child]) => element(name, child)).join('');
  return String(content).replace(/[&<>"\r]/g, character => ENTITIES[character]);
}

/** The contents of every element of a name; a request's elements have no attributes and do not nest in their like. */
export function elements(document: string, name: string): string[] {
  return [...document.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(match => match[1]);
}

export function unescaped(content: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return content.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex?: string, decimal?: string, name?: string) => {
    if (name) return named[name] ?? all;
    return String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal));
  });
}
