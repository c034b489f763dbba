//! Which class of record a business step is: the steps of the Core Business Vocabulary 2.0, and those of the seafood dialogue (GDST), which
//! are the ones met in real documents. A step that is not here, and one that says nothing by itself such as `commissioning`, leaves the
//! class to the type of the event.

use crate::class::Class;

/// How a step of a known vocabulary may be written; a bare word is the standard's own.
const PREFIXES: [&str; 6] = [
    "urn:epcglobal:cbv:bizstep:",
    "https://ref.gs1.org/cbv/BizStep-",
    "http://ref.gs1.org/cbv/BizStep-",
    "https://ns.gs1.org/cbv/BizStep-",
    "cbv:BizStep-",
    "urn:gdst:bizStep:",
];

/// Steps and their classes; `None` where the event's type decides.
const STEPS: &[(&str, Option<Class>)] = &[
    ("accepting", Some(Class::Store)),
    ("arriving", Some(Class::Transport)),
    ("assembling", Some(Class::Process)),
    ("collecting", Some(Class::Transport)),
    ("commissioning", None),
    ("consigning", Some(Class::Transport)),
    ("creating_class_instance", None),
    ("cycle_counting", Some(Class::Store)),
    ("decommissioning", Some(Class::Use)),
    ("departing", Some(Class::Transport)),
    ("destroying", Some(Class::Destroy)),
    ("disassembling", Some(Class::Process)),
    ("dispensing", Some(Class::Retail)),
    ("encoding", None),
    ("entering_exiting", Some(Class::Store)),
    ("holding", Some(Class::Store)),
    ("inspecting", Some(Class::Inspect)),
    ("installing", Some(Class::Use)),
    ("killing", Some(Class::Use)),
    ("loading", Some(Class::Transport)),
    ("other", None),
    ("packing", Some(Class::Pack)),
    ("picking", Some(Class::Store)),
    ("receiving", Some(Class::Store)),
    ("removing", Some(Class::Store)),
    ("repackaging", Some(Class::Pack)),
    ("repairing", Some(Class::Process)),
    ("replacing", Some(Class::Process)),
    ("reserving", Some(Class::Store)),
    ("retail_selling", Some(Class::Retail)),
    ("sampling", Some(Class::Inspect)),
    ("sensor_reporting", None),
    ("shipping", Some(Class::Transport)),
    ("staging_outbound", Some(Class::Store)),
    ("stock_taking", Some(Class::Store)),
    ("stocking", Some(Class::Store)),
    ("storing", Some(Class::Store)),
    ("transporting", Some(Class::Transport)),
    ("unloading", Some(Class::Transport)),
    ("unpacking", Some(Class::Unpack)),
    ("void_shipping", Some(Class::Return)),
    // GDST
    ("hatching", Some(Class::Produce)),
    ("fishingEvent", Some(Class::Produce)),
    ("farmHarvest", Some(Class::Produce)),
    ("feedmillObject", Some(Class::Produce)),
    ("feedmillTransformation", Some(Class::Process)),
    ("transshipment", Some(Class::Transport)),
    ("landing", Some(Class::Transport)),
    ("commingling", Some(Class::Process)),
    ("freezing", Some(Class::Process)),
];

/// The class of a business step in any of its spellings.
pub(super) fn class(written: &str) -> Option<Class> {
    let word = PREFIXES.iter().find_map(|prefix| written.strip_prefix(prefix)).unwrap_or(written);
    STEPS.iter().find(|(step, _)| *step == word).and_then(|(_, class)| *class)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_step_in_every_spelling() {
        for written in ["packing", "urn:epcglobal:cbv:bizstep:packing", "https://ref.gs1.org/cbv/BizStep-packing", "cbv:BizStep-packing"] {
            assert_eq!(class(written), Some(Class::Pack), "{written}");
        }
        assert_eq!(class("urn:gdst:bizStep:landing"), Some(Class::Transport));
        assert_eq!(["urn:example:packing", "commissioning", "Packing", ""].map(class), [None; 4]);
    }

    #[test]
    fn no_step_stands_twice() {
        assert_eq!(STEPS.iter().map(|(step, _)| step).collect::<BTreeSet<_>>().len(), STEPS.len());
    }
}
