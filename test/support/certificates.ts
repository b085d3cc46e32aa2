/** A throw-away certificate authority and what it signs, for TLS on this machine. X.509 written by hand, so that no program beside node is needed. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

interface Credentials {
  /** PEM. */
  cert: string;
  /** PEM, PKCS 8. */
  key: string;
}

interface Authority extends Credentials {
  issue(commonName: string): Credentials;
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Uint8Array[]): Buffer => der(0x30, ...parts);
const octets = (content: Uint8Array): Buffer => der(0x04, content);
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value));
const yes = der(0x01, Buffer.from([255]));
/** Object identifiers as their bytes: ecdsa-with-SHA256, commonName, basicConstraints, subjectAltName. */
const oid = (...bytes: number[]): Buffer => der(0x06, Buffer.from(bytes));
const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const commonNameOid = oid(0x55, 0x04, 0x03);
const isAuthority = sequence(oid(0x55, 0x1d, 0x13), yes, octets(sequence(yes)));
const namesOfThisMachine = sequence(oid(0x55, 0x1d, 0x11), octets(sequence(text(0x82, 'localhost'), der(0x87, Buffer.from([127, 0, 0, 1])))));
const validity = sequence(text(0x17, '200101000000Z'), text(0x17, '491231235959Z'));
const nameOf = (commonName: string): Buffer => sequence(der(0x31, sequence(commonNameOid, text(0x0c, commonName))));

let serial = 1;

function certificate(subject: { name: string; key: KeyObject; extension: Buffer }, issuer: { name: string; key: KeyObject }): string {
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([serial++])),
    ecdsaWithSha256,
    nameOf(issuer.name),
    validity,
    nameOf(subject.name),
    subject.key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(subject.extension)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', toBeSigned, issuer.key));
  const base64 = sequence(toBeSigned, ecdsaWithSha256, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

const makeKeys = (): { publicKey: KeyObject; privateKey: KeyObject } => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

export function createAuthority(name: string): Authority {
  const { publicKey, privateKey } = makeKeys();
  return {
    cert: certificate({ name, key: publicKey, extension: isAuthority }, { name, key: privateKey }),
    key: pem(privateKey),
    issue(commonName) {
      const keys = makeKeys();
      return { cert: certificate({ name: commonName, key: keys.publicKey, extension: namesOfThisMachine }, { name, key: privateKey }), key: pem(keys.privateKey) };
    },
  };
}
