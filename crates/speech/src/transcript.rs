//! Recorded transcripts: `SubRip` and `WebVTT`.

/// A stretch of a recording with what was said in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Its number, or its name where the file gives one.
    pub id: String,
    /// When it begins, in milliseconds from the start.
    pub start_ms: u64,
    /// When it ends.
    pub end_ms: u64,
    /// What was said, on one line, without tags.
    pub text: String,
}

/// A transcript that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct TranscriptError {
    /// Line in the file, from one.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Reads `00:01:02,345`, `00:01:02.345` or `01:02.345`.
fn time(text: &str) -> Option<u64> {
    let (clock, fraction) = text.split_once([',', '.'])?;
    let parts: Vec<u64> = clock.split(':').map(|p| p.trim().parse().ok()).collect::<Option<_>>()?;
    let seconds = match parts[..] {
        [hours, minutes, seconds] if minutes < 60 && seconds < 60 => hours.checked_mul(3_600)? + minutes * 60 + seconds,
        [minutes, seconds] if seconds < 60 => minutes.checked_mul(60)? + seconds,
        _ => return None,
    };
    let millis: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    seconds.checked_mul(1_000)?.checked_add(millis)
}

/// What is said, without the tags of a speaker or style.
fn plain(line: &str) -> String {
    let mut depth = 0_usize;
    let said = line.chars().filter(|c| match c {
        '<' => {
            depth += 1;
            false
        }
        '>' if depth > 0 => {
            depth -= 1;
            false
        }
        _ => depth == 0,
    });
    said.collect()
}

/// Reads a transcript of either format.
///
/// # Errors
/// [`TranscriptError`] with the line.
pub fn cues(text: &str) -> Result<Vec<Cue>, TranscriptError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut found = Vec::new();
    let mut lines = text.lines().zip(1..).peekable();
    let mut name: Option<&str> = None;
    while let Some((line, number)) = lines.next() {
        let line = line.trim();
        if let Some((start, rest)) = line.split_once("-->") {
            let end = rest.split_whitespace().next().unwrap_or("");
            let (Some(start_ms), Some(end_ms)) = (time(start.trim()), time(end)) else {
                let message = format!("`{line}` is not a time span, as `00:01:02,345 --> 00:01:04,000`");
                return Err(TranscriptError { line: number, message });
            };
            if end_ms < start_ms {
                return Err(TranscriptError { line: number, message: format!("`{line}` ends before it begins") });
            }
            let mut said = Vec::new();
            while let Some((words, _)) = lines.next_if(|(l, _)| !l.trim().is_empty()) {
                said.push(plain(words.trim()));
            }
            let id = name.take().map_or_else(|| (found.len() + 1).to_string(), str::to_owned);
            found.push(Cue { id, start_ms, end_ms, text: said.join("") });
        } else if line.starts_with("WEBVTT") || line.starts_with("NOTE") || line == "STYLE" || line == "REGION" {
            while lines.next_if(|(l, _)| !l.trim().is_empty()).is_some() {}
            name = None;
        } else if line.is_empty() {
            name = None;
        } else if name.is_none() {
            name = Some(line);
        } else {
            return Err(TranscriptError { line: number, message: "words stand before any time span".to_owned() });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_are_read() {
        let srt = "1\n00:00:01,000 --> 00:00:03,500\n大家好\n欢迎\n\n2\n00:01:00,000 --> 00:01:02,000\n第二句\n";
        let all = cues(srt).expect("reads");
        assert_eq!(all[0], Cue { id: "1".into(), start_ms: 1_000, end_ms: 3_500, text: "大家好欢迎".into() });
        assert_eq!(all[1].start_ms, 60_000);
        let vtt = "WEBVTT - 直播\n\nNOTE 一段\n说明\n\nintro\n00:01.5 --> 00:03.000 align:start\n<v 主播>就剩三单了</v>\n";
        let all = cues(vtt).expect("reads");
        assert_eq!(all, [Cue { id: "intro".into(), start_ms: 1_500, end_ms: 3_000, text: "就剩三单了".into() }]);
    }

    #[test]
    fn what_is_amiss_is_told_with_its_line() {
        assert_eq!(cues("1\n00:00:xx --> 00:00:03,500\n好\n").expect_err("no time").line, 2);
        assert_eq!(cues("一\n二\n").expect_err("no times").line, 2);
        assert!(cues("1\n00:00:05,000 --> 00:00:03,500\n好\n").expect_err("back").message.contains("before it begins"));
        assert_eq!(cues("").expect("nothing"), []);
    }
}
