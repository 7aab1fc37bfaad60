//! Generates random `Cookie` lines: ordinary cookies, and cookies with the guarded name wherever a reader might find
//! it.

use crate::{
    NAME,
    atoms::{BEFORE, BEHIND, BLANKS, CORPUS, GENUINE, NAMES, SEPARATORS, SOUP, VALUES},
    case::Case,
    guard,
};

/// Represents a generator of numbers from a seed (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// Returns a byte that a header can have, except `;`.
    fn byte(&mut self) -> u8 {
        loop {
            let byte = u8::try_from(self.below(256)).unwrap();
            if matches!(byte, b'\t' | b' '..=b'~' | 0x80..) && byte != b';' {
                return byte;
            }
        }
    }

    fn separator(&mut self) -> u8 {
        if self.one_in(4) { self.byte() } else { SEPARATORS[self.below(SEPARATORS.len())] }
    }

    /// Returns the guarded name, or a spelling that some reader might accept.
    fn look_alike(&mut self) -> Vec<u8> {
        let text = match self.below(24) {
            0 => "__Secure-pleroma_key",
            1 => "__Host-pleroma_key",
            2 => "__Http-pleroma_key",
            3 => "__Host-Http-pleroma_key",
            4 => "Pleroma_Key",
            5 => "pleroma%5Fkey",
            6 => "%70leroma_key",
            7 => "pleroma.key",
            8 => "pleroma key",
            9 => "pleroma[key",
            10 => "pleroma_key[x]",
            11 => "\"pleroma_key\"",
            12 => "$pleroma_key",
            13 => "__secure-pleroma_key",
            _ => NAME,
        };
        text.into()
    }

    fn assignment(&mut self) -> Vec<u8> {
        let mut text = self.look_alike();
        text.extend(self.pick(BLANKS));
        match self.below(12) {
            0 => {}
            1 => text.push(self.separator()),
            _ => text.push(b'='),
        }
        text.extend(self.pick(BLANKS));
        text.extend(self.pick(VALUES));
        text
    }

    /// Returns a cookie with a look-alike somewhere in it.
    fn planted(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        // Otherwise the segment has no name of its own.
        if !self.one_in(4) {
            text.extend(self.pick(NAMES));
            if !self.one_in(6) {
                text.push(b'=');
            }
        }
        if self.one_in(2) {
            text.extend(self.pick(BEFORE));
            text.push(self.separator());
            text.extend_from_slice(b"pleroma_key=evil");
            return text;
        }
        for _ in 0..self.below(4) {
            text.extend(self.pick(BEFORE));
            for _ in 0..self.below(3) {
                text.push(self.separator());
            }
        }
        text.extend(self.assignment());
        text.extend(self.pick(BEHIND));
        text
    }

    fn soup(&mut self) -> Vec<u8> {
        let atoms = 2 + self.below(14);
        let atom = |random: &mut Self| match random.below(8) {
            0 => vec![random.byte()],
            _ => random.pick(SOUP).to_vec(),
        };
        (0..atoms).flat_map(|_| atom(self)).collect()
    }

    fn ordinary(&mut self) -> Vec<u8> {
        let lines: Vec<&str> = CORPUS.lines().collect();
        let cookies: Vec<&str> = self.pick(&lines).split("; ").collect();
        self.pick(&cookies).as_bytes().to_vec()
    }

    fn cookie(&mut self) -> Vec<u8> {
        match self.below(8) {
            0 => self.ordinary(),
            1 => self.soup(),
            2 => self.look_alike_first(),
            _ => self.planted(),
        }
    }

    /// Returns a cookie whose name is a look-alike.
    fn look_alike_first(&mut self) -> Vec<u8> {
        let separators = self.below(3);
        let mut text: Vec<u8> = (0..separators).map(|_| self.separator()).collect();
        text.extend(self.assignment());
        text.extend(self.pick(BEHIND));
        text
    }

    fn joint(&mut self) -> &'static [u8] {
        self.pick(&[b"; ", b"; ", b"; ", b"; ", b";", b" ; ", b";;", b"; ; ", b";\t"])
    }

    /// Joins the cookies of a request on one line, or on several.
    fn lines(&mut self, cookies: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let mut lines = vec![Vec::new()];
        for (index, cookie) in cookies.iter().enumerate() {
            if index > 0 && self.one_in(8) {
                lines.push(Vec::new());
            }
            let line = lines.last_mut().unwrap();
            if !line.is_empty() {
                line.extend(self.joint());
            }
            line.extend(cookie);
        }
        // HTTP servers strip blanks around a value.
        let trimmed = lines.iter().map(|line| line.trim_ascii().to_vec());
        trimmed.filter(|line| !line.is_empty()).collect()
    }

    /// Returns a request that an attacker can make a browser send: only the genuine cookie has the exact prefixed name.
    pub(crate) fn case(&mut self) -> Case {
        loop {
            // Few cookies, because many readers stop at the first malformed one.
            let count = [1, 1, 1, 2, 2, 3, 5][self.below(7)];
            let mut cookies: Vec<Vec<u8>> = (0..count).map(|_| self.cookie()).collect();
            if cookies.iter().any(|cookie| has_wire_name(cookie)) {
                continue;
            }
            let genuine = (!self.one_in(3)).then(|| self.below(GENUINE.len()));
            if let Some(genuine) = genuine {
                let cookie = format!("__Host-{NAME}={}", GENUINE[genuine]);
                cookies.insert(self.below(count + 1), cookie.into());
            }
            return Case { sent: self.lines(&cookies), genuine };
        }
    }
}

/// Returns `true` if a segment has the prefixed name, which browsers protect.
fn has_wire_name(cookie: &[u8]) -> bool {
    let wire = format!("__Host-{NAME}");
    cookie.split(|byte| *byte == b';').any(|segment| guard::name(segment) == wire.as_bytes())
}
