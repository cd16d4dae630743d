//! Replays the corpus of each target, then mutations of it. Without an instrument that leads it, it finds less than libFuzzer; it
//! is there so that every change is tried on some thousands of odd inputs.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use maillage_fuzz::TARGETS;

#[derive(Parser)]
#[command(about = "Replay the corpus of the fuzz targets, and mutations of it")]
struct Arguments {
    /// How many mutations of each target's corpus
    #[arg(long, default_value_t = 10_000)]
    executions: u64,
    /// Where the numbers start that mutations are drawn by: the same ones give the same inputs
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder with a folder for each target
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))]
    corpus: PathBuf,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    for (name, run) in TARGETS {
        let started = Instant::now();
        let corpus = inputs(&arguments.corpus.join(name))?;
        ensure!(!corpus.is_empty(), "there is nothing in {}", arguments.corpus.join(name).display());
        for input in &corpus {
            run(input);
        }
        let mut random = Random(arguments.seed);
        for _ in 0..arguments.executions {
            run(&mutated(&corpus, &mut random));
        }
        let seconds = started.elapsed().as_secs_f32();
        println!("{name}: {} inputs and {} mutations, {seconds:.1} s", corpus.len(), arguments.executions);
    }
    Ok(())
}

fn inputs(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).with_context(|| format!("could not read {}", path.display()))).collect()
}

/// Numbers that come out the same on each run (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % (limit.max(1) as u64)).unwrap_or_default()
    }
}

/// What parsers stumble over.
const PIECES: &[&str] = &[
    "---\n",
    "+++\n",
    "\n\n",
    "\r\n",
    "\u{feff}",
    "\u{2028}",
    "\u{301}",
    "\0",
    ": ",
    "- ",
    "&a ",
    "*a ",
    "[",
    "]",
    "{",
    "}",
    "{{<",
    ">}}",
    "{%",
    "%}",
    "<!--",
    "-->",
    "<A x={",
    "```",
    "~~~",
    "`",
    "|",
    "> ",
    "# ",
    "[^1]:",
    "[a](",
    "](mailto:",
    "@b.fr",
    "+33 5",
    "05 53",
    "&#64;",
    "<img src=",
    "\\",
    "é",
    "😀",
    "!!! a\n    ",
    ":::",
    "[[",
    "]]",
    "import a from 'b'\n",
    "0x",
    "1e9999",
    "\"",
    "'",
    "9999-99-99",
    "~",
];

/// One input of the corpus, changed in a few places, or two of them joined.
fn mutated(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    const LONGEST: usize = 16 << 10;
    let mut input = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(input.len() + 1);
        match random.below(7) {
            0 if at < input.len() => input[at] ^= 1 << random.below(8),
            1 => {
                let end = (at + random.below(24)).min(input.len());
                input.drain(at..end);
            }
            2 => {
                let end = (at + random.below(64)).min(input.len());
                let copy = input[at..end].to_vec();
                let to = random.below(input.len() + 1);
                input.splice(to..to, copy);
            }
            3 => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            4 => {
                let piece = PIECES[random.below(PIECES.len())].repeat(1 + random.below(40));
                input.splice(at..at, piece.into_bytes());
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())].as_bytes().to_vec();
                input.splice(at..at, piece);
            }
        }
        input.truncate(LONGEST);
    }
    input
}
