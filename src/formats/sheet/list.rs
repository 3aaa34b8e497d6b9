//! Several names in one cell: separated by semicolons or line breaks, in quotes where a name has one itself.

/// The parts of a cell. Empty ones are left out.
pub(in crate::formats) fn split(text: &str) -> Result<Vec<String>, &'static str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (part, after) = unquoted(quoted).ok_or("a quote opens and is never closed")?;
            parts.push(part);
            rest = after.trim_start_matches([' ', '\t', '\r']);
            rest = match rest.strip_prefix([';', '\n']) {
                Some(rest) => rest,
                None if rest.is_empty() => rest,
                None => return Err("text follows a closing quote; write ; between two names"),
            };
        } else {
            let (part, after) = rest.split_once([';', '\n']).unwrap_or((rest, ""));
            if !part.trim().is_empty() {
                parts.push(part.trim().to_owned());
            }
            rest = after;
        }
        rest = rest.trim_start();
    }
    Ok(parts)
}

/// What stands before the closing quote, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let (mut part, mut rest) = (String::new(), text);
    loop {
        let (before, after) = rest.split_once('"')?;
        part.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                part.push('"');
                rest = more;
            }
            None => return Some((part, after)),
        }
    }
}

/// The cell of several names.
pub(in crate::formats) fn join<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted = |name: &str| {
        let plain = !name.contains([';', '\n', '"']) && name.trim() == name && !name.is_empty();
        if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
    };
    names.into_iter().map(quoted).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_stand_between_semicolons_or_on_lines() {
        assert_eq!(split(" a; b c ;\r\n;d\ne ").unwrap(), ["a", "b c", "d", "e"]);
        assert_eq!(split("\"a; \"\"b\"\"\" ; c \"d\"").unwrap(), ["a; \"b\"", "c \"d\""]);
        assert!(split("\"a").is_err() && split("\"a\" b").is_err());
        assert_eq!(split(" \n").unwrap(), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn what_is_joined_is_split_again(names in prop::collection::vec("[a;\" \n'é]{1,6}", 0..5)) {
            let joined = join(names.iter().map(String::as_str));
            prop_assert_eq!(split(&joined).unwrap(), names);
        }

        #[test]
        fn nothing_makes_it_panic(text in ".{0,20}|[\";\n a]{0,20}") {
            let _ = split(&text);
        }
    }
}
