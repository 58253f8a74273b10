/** What a statement says of a license that nobody bought, as SQL text: nothing. */

export const IF_LICENSE_IS_KNOWN = `WHERE EXISTS (SELECT FROM licenses WHERE licenses.license_key = $1)`;
