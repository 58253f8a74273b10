/** A self-signed certificate, made when the first client insists on TLS. Such clients encrypt and do not verify. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';

/** A TLS context with a new key, valid for a year. */
export function selfSignedContext(): SecureContext {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
  const commonName = der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('seatproof')));
  const name = der(0x30, der(0x31, commonName));
  const now = new Date();
  const certified = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))), // Version 3, the only one that every client reads.
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])), // A positive serial number.
    ecdsaWithSha256,
    name,
    der(0x30, utcTime(now, -1), utcTime(now, 365)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', certified, privateKey));
  const certificate = der(0x30, certified, ecdsaWithSha256, signature);
  return createSecureContext({
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  });
}

/** One value of ASN.1: tag, length, contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function utcTime(now: Date, days: number): Buffer {
  const at = new Date(now.getTime() + days * 86_400_000);
  return der(0x17, Buffer.from(`${at.toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`));
}
