/**
 * The instructions we use, with their bytes (WebAssembly core specification 2.0, binary format; relaxed SIMD for the fused
 * operations). Those behind the prefix 0xfd are given by their number there.
 */

/** One byte, no immediates. */
export const PLAIN = {
  unreachable: 0x00,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.gt_s': 0x4a,
  'i32.le_s': 0x4c,
  'i32.ge_s': 0x4e,
  'i32.ge_u': 0x4f,
  'f64.eq': 0x61,
  'f64.ne': 0x62,
  'f64.lt': 0x63,
  'f64.gt': 0x64,
  'f64.le': 0x65,
  'f64.ge': 0x66,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.xor': 0x73,
  'i32.shl': 0x74,
  'i32.shr_s': 0x75,
  'i32.shr_u': 0x76,
  'i64.add': 0x7c,
  'i64.sub': 0x7d,
  'i64.and': 0x83,
  'i64.or': 0x84,
  'i64.shl': 0x86,
  'i64.shr_s': 0x87,
  'i64.shr_u': 0x88,
  'f64.abs': 0x99,
  'f64.neg': 0x9a,
  'f64.sqrt': 0x9f,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'f64.mul': 0xa2,
  'f64.div': 0xa3,
  'f64.min': 0xa4,
  'f64.max': 0xa5,
  'i32.wrap_i64': 0xa7,
  'i64.extend_i32_s': 0xac,
  'f64.convert_i32_s': 0xb7,
  'i64.reinterpret_f64': 0xbd,
  'f64.reinterpret_i64': 0xbf,
} as const;

/** Loads and stores: opcode and the alignment (log2 of bytes) that we state. */
export const MEMORY = {
  'i32.load': [0x28, 2],
  'i64.load': [0x29, 3],
  'f64.load': [0x2b, 3],
  'i32.store': [0x36, 2],
  'i64.store': [0x37, 3],
  'f64.store': [0x39, 3],
} as const;

/** Vector loads and stores, behind 0xfd. */
export const VECTOR_MEMORY = {
  'v128.load': [0x00, 3],
  'v128.load64_splat': [0x0a, 3],
  'v128.store': [0x0b, 3],
} as const;

/** Vector loads and stores of one lane, behind 0xfd, with the lane after the address. */
export const VECTOR_LANE_MEMORY = {
  'v128.load64_lane': [0x57, 3],
  'v128.store64_lane': [0x5b, 3],
} as const;

/** Behind 0xfd, no immediates. */
export const VECTOR = {
  'i32x4.splat': 0x11,
  'i64x2.splat': 0x12,
  'f64x2.splat': 0x14,
  'f64x2.eq': 0x47,
  'f64x2.ne': 0x48,
  'f64x2.lt': 0x49,
  'f64x2.gt': 0x4a,
  'f64x2.le': 0x4b,
  'f64x2.ge': 0x4c,
  'v128.not': 0x4d,
  'v128.and': 0x4e,
  'v128.andnot': 0x4f,
  'v128.or': 0x50,
  'v128.xor': 0x51,
  'v128.bitselect': 0x52,
  'v128.any_true': 0x53,
  'f64x2.ceil': 0x74,
  'f64x2.floor': 0x75,
  'f64x2.trunc': 0x7a,
  'f64x2.nearest': 0x94,
  'i32x4.add': 0xae,
  'i64x2.all_true': 0xc3,
  'i64x2.shl': 0xcb,
  'i64x2.shr_s': 0xcc,
  'i64x2.shr_u': 0xcd,
  'i64x2.add': 0xce,
  'i64x2.sub': 0xd1,
  'i64x2.eq': 0xd6,
  'i64x2.lt_s': 0xd8,
  'i64x2.gt_s': 0xd9,
  'f64x2.abs': 0xec,
  'f64x2.neg': 0xed,
  'f64x2.sqrt': 0xef,
  'f64x2.add': 0xf0,
  'f64x2.sub': 0xf1,
  'f64x2.mul': 0xf2,
  'f64x2.div': 0xf3,
  'f64x2.min': 0xf4,
  'f64x2.max': 0xf5,
  'f64x2.pmin': 0xf6,
  'f64x2.pmax': 0xf7,
  'f64x2.convert_low_i32x4_s': 0xfe,
  'i32x4.trunc_sat_f64x2_s_zero': 0xfc,
  /** a·b + c in one rounding or two, as the machine has it. */
  'f64x2.relaxed_madd': 0x107,
  'f64x2.relaxed_nmadd': 0x108,
} as const;

/** Behind 0xfd, with one lane. */
export const VECTOR_LANE = {
  'i32x4.extract_lane': 0x1b,
  'i64x2.extract_lane': 0x1d,
  'f64x2.extract_lane': 0x21,
  'f64x2.replace_lane': 0x22,
} as const;

export const TYPE = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof TYPE;
