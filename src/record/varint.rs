//! Zig-zag varints (Kafka's `ByteUtils`): seven bits a byte, the lowest first, the top bit says
//! that more follow; small numbers of either sign are short.

/// Bytes of a zig-zag varint.
pub fn size_of_varint(value: i32) -> u32 {
    size_of_varlong(i64::from(value))
}

/// Bytes of a zig-zag varlong.
pub fn size_of_varlong(value: i64) -> u32 {
    // One byte for every seven bits, and one for zero.
    (u64::BITS - (zig_zag(value) | 1).leading_zeros()).div_ceil(7)
}

/// Writes a zig-zag varint.
pub fn write_varint(value: i32, to: &mut Vec<u8>) {
    write_varlong(i64::from(value), to);
}

/// Writes a zig-zag varlong.
pub fn write_varlong(value: i64, to: &mut Vec<u8>) {
    let mut rest = zig_zag(value);
    while rest > 0x7f {
        to.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    to.push(rest as u8);
}

/// Why there is no number.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum VarintError {
    /// The bytes end before it does.
    Underflow,
    /// It goes on for longer than any number of its type.
    TooLong,
}

/// Reads a zig-zag varint; also says how many bytes it took.
pub fn read_varint(bytes: &[u8]) -> Result<(i32, usize), VarintError> {
    let (raw, taken) = read(bytes, 5)?;
    let raw = raw as u32;
    Ok(((raw >> 1) as i32 ^ -((raw & 1) as i32), taken))
}

/// Reads a zig-zag varlong; also says how many bytes it took.
pub fn read_varlong(bytes: &[u8]) -> Result<(i64, usize), VarintError> {
    let (raw, taken) = read(bytes, 10)?;
    Ok(((raw >> 1) as i64 ^ -((raw & 1) as i64), taken))
}

fn read(bytes: &[u8], longest: usize) -> Result<(u64, usize), VarintError> {
    let mut raw = 0;
    for (index, &byte) in bytes.iter().take(longest).enumerate() {
        raw |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            return Ok((raw, index + 1));
        }
    }
    Err(if bytes.len() < longest { VarintError::Underflow } else { VarintError::TooLong })
}

fn zig_zag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGES: [i64; 13] =
        [0, 1, -1, 63, 64, -64, -65, 8191, 8192, -8193, 1 << 34, i64::MAX, i64::MIN];

    #[test]
    fn a_byte_for_seven_bits() {
        for (value, bytes) in [(0, 1), (-1, 1), (63, 1), (-64, 1), (64, 2), (-65, 2), (8191, 2)] {
            assert_eq!(size_of_varint(value), bytes, "{value}");
        }
        for (value, bytes) in [(8192, 3), (1_048_575, 3), (1_048_576, 4), (134_217_727, 4)] {
            assert_eq!(size_of_varint(value), bytes, "{value}");
        }
        assert_eq!(size_of_varint(134_217_728), 5);
        assert_eq!(size_of_varint(i32::MIN), 5);
        assert_eq!(size_of_varlong(i64::MAX), 10);
        assert_eq!(size_of_varlong(i64::MIN), 10);
    }

    #[test]
    fn what_is_written_can_be_read() {
        for value in EDGES {
            let mut bytes = Vec::new();
            write_varlong(value, &mut bytes);
            assert_eq!(bytes.len() as u32, size_of_varlong(value), "{value}");
            assert_eq!(read_varlong(&bytes), Ok((value, bytes.len())));
            let cut = read_varlong(&bytes[..bytes.len() - 1]);
            assert_eq!(cut, Err(VarintError::Underflow), "{value}");
            if let Ok(small) = i32::try_from(value) {
                assert_eq!(read_varint(&bytes), Ok((small, bytes.len())));
            }
        }
        for value in [i32::MAX, i32::MIN] {
            let mut bytes = Vec::new();
            write_varint(value, &mut bytes);
            assert_eq!(read_varint(&bytes), Ok((value, 5)));
        }
    }

    #[test]
    fn an_endless_one_is_too_long() {
        assert_eq!(read_varint(&[0x80; 5]), Err(VarintError::TooLong));
        assert_eq!(read_varint(&[0x80; 4]), Err(VarintError::Underflow));
        assert_eq!(read_varlong(&[0xff; 10]), Err(VarintError::TooLong));
    }
}
