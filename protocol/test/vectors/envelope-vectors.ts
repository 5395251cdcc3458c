import { concatBytes, hex, type Bytes } from '../../src/bytes.js'
import { accountIdBytes } from '../../src/ids.js'
import { ACCOUNT, DEVICE, filled, IDENTITY } from './keys.js'
import type { Json } from './meaning.js'

/** docs/PROTOCOL.md, "Sealing". */
export const ENVELOPE_INFO = 'sotto envelope 1'
export const ENVELOPE_AAD: Bytes = concatBytes(accountIdBytes(ACCOUNT), Uint8Array.of(DEVICE))
export const SEALED: Bytes = filled(563, 0xaa)

// HPKE is randomised: this was made once with libsignal.
const BODY =
  '01cb05f64c95e7ee67dbafd6bd1e93ea7331defc660739ff63e668e9440b90fc056a734bfb6145731dac0e3e83' +
  '01a825481f568c0a2ec6dd894fbfea27950074fc5579e64b463bd74cfe8e23a031c921ee1afdaedc2bd3d22e35' +
  '26250a873f67c61fdc401133747450990c3156120d284920a0398a75baa499c8e120502f8cec1e6c9ff4d31407' +
  'd1517997b353e12de8b3371f5184995bc0193b870b121bb947534e09f098af6add119dfe5b2b36523502deddeb' +
  '231cf991bfd85b2e38e06dcfcbb69bac973fbef72d561c7c34dbee41f5e1b79b5ace8df65939f156100ef21120' +
  'c0f67ab09e4c79a8221c4542f7baa9857208d20ee686cdc584861d933c8eef37888f1f4382229efc36440a7499' +
  'd4c24a94131f10ac97fe68e61f900aaba160ba755b62dfce067e4ec13ef188adb8bb444c8d4e7513996109f2d8' +
  '47255d4e447e9442de27d274d4fc1f26ad9163b3bee40636a7f8a4b61c7f0488894da52911517ba96402f32d3d' +
  'e81ac86bc162e83a0b20a6a5d6a97f2191cec0b293f93868f0a909c4fa9c27907e00677f0aa6e133ad7c8d0f21' +
  '213754cc0f84ec9fdd1715a005733792516b2d28430f4a1bafa5162598e8095508d76ce85bfdaf6a185255f2ab' +
  '851a1b2475446056a069bf46c67d86bb89c09d51f380ec493d3f068e0f68e7608d62976bb9c806077b20019283' +
  '3cb853cd19f30bebfc485e83dd58e236a5ddf50aeaa19f254c2ccf91a7f4017e3db39de973a75bf4641771018e' +
  '29311ab1059ac7c766ec50ea303b2eaf35897eaab15d90232849a3c10de4ac6473b1fd513fccadea4823d14961' +
  'ea2c8f1d3901e649b2743c85937a4ac20d8844b435f09f413ef803d3d27e853bdfd503cdfafa5b6d1cbcc1e522' +
  'e4a842ff4f45620926d047705a696ffcc8da061415ca5458fda6ac1d30b7f636272cbf51cdb39f3f0487754e29' +
  '0ce6865d9fd549676ed04f41a4b0931e58d3ddcc0e3727ee3e479fa233e64b416c4bcade909b0d6b5105638c34' +
  'd6655ddae75d938b3ef6332faaba57c0e6a05860028854c5ddd73f5df0eecb325352b35c7bd3fee3d5351bccf1' +
  'a5540c020b654d005cf6bb859752894cc827c30aba7516a96281e1fee8a98832772845592831a95e9dc0251512' +
  'e2a5df834a544e9fb9893562d90b39deeb403b358efc367af6a44be77037f5aeff2e88278abc564c366d914abe' +
  '6740eed90dffde41ee63b3172fd4c962ba38343902fb80dbc25da9feb9f2c4dd95e129158c5cd7c61a3ee33669' +
  '12ba0bdbc9034199df45b4c326a4f618b9d2a7691b146ff2aa819b4619e8da25505dfa4ab90ee8b8590d947173' +
  '120b018e77246c6eb96f09c24f1c057d9d767c4a8c0f2fce2e00a30549f1523ccc278b1640071ad4de5a3cd995' +
  'f47abfa2e4119f32c297b90b473431f42633da56526f2f804a65bc43a8434d125c8c'

export function envelopeVectors(): Json {
  return {
    about:
      'body = HPKE (RFC 9180: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM) to the identity key, as 01 || encapsulated key (32) || ciphertext, of the padded sealed-sender message; info as given, associated data = account (16) || device (1). sealed is a stand-in for such a message.',
    vectors: [
      {
        identity_secret: hex(IDENTITY.secret),
        identity: hex(IDENTITY.public),
        account: ACCOUNT,
        device: DEVICE,
        info: ENVELOPE_INFO,
        aad: hex(ENVELOPE_AAD),
        sealed: hex(SEALED),
        body: BODY,
      },
    ],
  }
}
