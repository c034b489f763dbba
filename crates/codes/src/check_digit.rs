//! The check characters that several schemes share. Each function takes the characters before the check character and answers what it
//! should be; `None` where one of them is no digit. What they find: all three find every changed digit; MOD 11-2 finds every swap of
//! neighbours too, MOD 11,10 nearly every one, and mod 10 all but those of digits that differ by five.

/// GS1: weights 3 and 1 from the right, modulo 10.
pub(crate) fn mod10(body: &str) -> Option<char> {
    let sum: u32 = body.chars().rev().zip([3, 1].into_iter().cycle()).map(|(c, weight)| Some(digit(c)? * weight)).sum::<Option<_>>()?;
    char::from_digit((10 - sum % 10) % 10, 10)
}

/// ISO 7064 MOD 11-2; the value 10 is written X.
pub(crate) fn mod11_2(body: &str) -> Option<char> {
    let product = body.chars().try_fold(0, |product, c| Some((product + digit(c)?) * 2 % 11))?;
    match (12 - product) % 11 {
        10 => Some('X'),
        check => char::from_digit(check, 10),
    }
}

/// ISO 7064 MOD 11,10, the hybrid system.
pub(crate) fn mod11_10(body: &str) -> Option<char> {
    let product = body.chars().try_fold(10, |product, c| {
        let sum = match (product + digit(c)?) % 10 {
            0 => 10,
            sum => sum,
        };
        Some(sum * 2 % 11)
    })?;
    char::from_digit((11 - product) % 10, 10)
}

fn digit(character: char) -> Option<u32> {
    character.to_digit(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_the_standards() {
        assert_eq!(mod10("692456188407"), Some('4'));
        assert_eq!(mod10("0690324467976"), Some('3'));
        assert_eq!(mod11_2("11010519491231002"), Some('X'));
        assert_eq!(mod11_10("11000001330300"), Some('0'));
    }

    #[test]
    fn letters_have_no_check_digit() {
        assert_eq!((mod10("69A"), mod11_2("1X"), mod11_10("１")), (None, None, None));
    }
}
