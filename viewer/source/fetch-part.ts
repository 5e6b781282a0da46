/**
 * Fetches bytes [offset, offset + length) of a file. Servers that know no ranges send all of it, which is then cut.
 * Throws the server's own words where it refuses.
 */
export async function fetchPart(address: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  if (length === 0) return new Uint8Array();
  const response = await fetch(address, { headers: { range: `bytes=${offset}-${offset + length - 1}` } });
  if (!response.ok) throw new Error((await response.text()).trim());
  const bytes = new Uint8Array(await response.arrayBuffer());
  const part = response.status === 206 ? bytes : bytes.slice(offset, offset + length);
  if (part.length !== length) throw new Error(`${part.length} bytes came, ${length} were asked for`);
  return part;
}
