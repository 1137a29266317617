//! Bytes as people and other systems read them.

/// Two small letters for each byte.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |four: u8| char::from(DIGITS[usize::from(four)]);
    let both = |byte: &u8| [digit(byte >> 4), digit(byte & 15)];
    bytes.iter().flat_map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_two_letters_also_a_small_one() {
        assert_eq!(hex(&[0, 7, 0xa0, 0xff]), "0007a0ff");
        assert_eq!(hex(&[]), "");
    }
}
