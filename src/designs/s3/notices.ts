/** What a user reads whom S3 refuses, before its fix and after it. */

export type Notices = { readonly [R in 'same-device' | 'other-device']: string };

export const WITHOUT_WAIT: Notices = {
  'same-device': 'SESSION ALREADY ACTIVE - Only one instance allowed per API key. Close the other instance first.',
  'other-device': 'LICENSE ALREADY IN USE - Only one instance allowed per API key. Close the other instance first.',
};

/** The estimate beside it is right, the text is not. */
export const APPROXIMATELY_40: Notices = {
  'same-device':
    'Instance Already Running - Another session is currently active. Please wait approximately 40 seconds after closing the other instance before trying again.',
  'other-device':
    'License In Use - This license is currently active on another device. Only one active session is allowed per license.',
};
