//! How the index is written beside the data: plain bytes, little-endian, counts as variable-length integers.
//!
//! The format is private to one version of the program ([`crate::save`] numbers it): an index of another version is built
//! again from the graph, so nothing here has to be read by anybody else.

use std::sync::Arc;

/// Bytes that are not an index of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}: {problem}")]
pub(crate) struct Damaged {
    pub at: usize,
    pub problem: &'static str,
}

/// Reads values one after the other.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn damaged(&self, problem: &'static str) -> Damaged {
        Damaged { at: self.at, problem }
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.bytes.len());
        let Some(end) = end else { return Err(self.damaged("ends too early")) };
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    /// A count of things to come, each of at least one byte: damaged bytes cannot ask for more memory than there are bytes.
    pub(crate) fn count(&mut self) -> Result<usize, Damaged> {
        let count = u64::read(self)?;
        usize::try_from(count)
            .ok()
            .filter(|count| *count <= self.bytes.len() - self.at)
            .ok_or_else(|| self.damaged("counts more than there is"))
    }

    /// Bytes behind their count, as [`write_bytes`] writes them.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Damaged> {
        let count = self.count()?;
        self.take(count)
    }

    /// All that is left.
    pub(crate) fn rest(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        self.at = self.bytes.len();
        rest
    }

    pub(crate) fn finish(self) -> Result<(), Damaged> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.damaged("goes on after its end")) }
    }
}

/// Writes bytes behind their count.
pub(crate) fn write_bytes(bytes: &[u8], output: &mut Vec<u8>) {
    (bytes.len() as u64).write(output);
    output.extend_from_slice(bytes);
}

/// A value that can be written and read back.
pub(crate) trait Code: Sized {
    fn write(&self, output: &mut Vec<u8>);
    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged>;
}

impl Code for u64 {
    fn write(&self, output: &mut Vec<u8>) {
        let mut rest = *self;
        while rest >= 0x80 {
            output.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        output.push((rest & 0x7f) as u8);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = input.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(input.damaged("is no whole number"))
    }
}

macro_rules! code_by_u64 {
    ($($number:ty),+) => {
        $(impl Code for $number {
            fn write(&self, output: &mut Vec<u8>) {
                u64::from(*self).write(output);
            }

            fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
                u64::read(input)?.try_into().map_err(|_| input.damaged("is a number out of range"))
            }
        })+
    };
}
code_by_u64!(u8, u16, u32);

impl Code for i64 {
    // Zigzag: small numbers stay short whatever their sign.
    fn write(&self, output: &mut Vec<u8>) {
        ((self << 1) ^ (self >> 63)).cast_unsigned().write(output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        let value = u64::read(input)?;
        Ok((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }
}

impl Code for i32 {
    fn write(&self, output: &mut Vec<u8>) {
        i64::from(*self).write(output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        i64::read(input)?.try_into().map_err(|_| input.damaged("is a number out of range"))
    }
}

impl Code for f64 {
    fn write(&self, output: &mut Vec<u8>) {
        output.extend_from_slice(&self.to_bits().to_le_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(input.take(8)?);
        Ok(Self::from_bits(u64::from_le_bytes(bytes)))
    }
}

impl Code for Arc<str> {
    fn write(&self, output: &mut Vec<u8>) {
        write_bytes(self.as_bytes(), output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        let bytes = input.bytes()?;
        std::str::from_utf8(bytes).map(Self::from).map_err(|_| input.damaged("is no text"))
    }
}

impl<T: Code> Code for Option<T> {
    fn write(&self, output: &mut Vec<u8>) {
        output.push(u8::from(self.is_some()));
        if let Some(value) = self {
            value.write(output);
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        match input.take(1)?[0] {
            0 => Ok(None),
            1 => T::read(input).map(Some),
            _ => Err(input.damaged("is neither there nor absent")),
        }
    }
}

impl<T: Code> Code for Box<[T]> {
    fn write(&self, output: &mut Vec<u8>) {
        (self.len() as u64).write(output);
        self.iter().for_each(|item| item.write(output));
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        let count = input.count()?;
        (0..count).map(|_| T::read(input)).collect()
    }
}

impl<A: Code, B: Code> Code for (A, B) {
    fn write(&self, output: &mut Vec<u8>) {
        self.0.write(output);
        self.1.write(output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok((A::read(input)?, B::read(input)?))
    }
}

/// Writes and reads a struct field by field.
macro_rules! coded {
    ($($name:ident { $($field:ident),+ $(,)? })+) => {
        $(impl $crate::codec::Code for $name {
            fn write(&self, output: &mut Vec<u8>) {
                $(self.$field.write(output);)+
            }

            fn read(input: &mut $crate::codec::Reader<'_>) -> Result<Self, $crate::codec::Damaged> {
                Ok(Self { $($field: $crate::codec::Code::read(input)?),+ })
            }
        })+
    };
}
pub(crate) use coded;

/// Writes and reads a value as its place among all of its type.
macro_rules! coded_by_place {
    ($($name:ty),+) => {
        $(impl $crate::codec::Code for $name {
            fn write(&self, output: &mut Vec<u8>) {
                $crate::columns::entry::place(Self::ALL, *self).write(output);
            }

            fn read(input: &mut $crate::codec::Reader<'_>) -> Result<Self, $crate::codec::Damaged> {
                let place = <u8 as $crate::codec::Code>::read(input)?;
                Self::ALL.get(usize::from(place)).copied().ok_or_else(|| input.damaged("is a value unheard of"))
            }
        })+
    };
}
pub(crate) use coded_by_place;

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use proptest::prelude::*;

    use super::*;

    fn round_trip<T: Code + PartialEq + Debug>(value: &T) {
        let mut bytes = Vec::new();
        value.write(&mut bytes);
        let mut reader = Reader::new(&bytes);
        assert_eq!(T::read(&mut reader).as_ref(), Ok(value));
        reader.finish().expect("all is read");
        for cut in 0..bytes.len() {
            assert!(T::read(&mut Reader::new(&bytes[..cut])).is_err(), "{value:?} cut after {cut} bytes");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(numbers: Vec<u32>, signed: i64, small: i32, texts: Vec<String>, number in proptest::num::f64::NORMAL) {
            round_trip(&numbers.into_boxed_slice());
            round_trip(&(signed, small));
            round_trip(&texts.iter().map(|text| Arc::from(text.as_str())).collect::<Box<[Arc<str>]>>());
            round_trip(&Some((number, u64::MAX)));
        }

        #[test]
        fn no_bytes_break_the_reader(bytes: Vec<u8>) {
            let _ = <Box<[(Arc<str>, Option<u16>)]>>::read(&mut Reader::new(&bytes));
        }
    }
}
