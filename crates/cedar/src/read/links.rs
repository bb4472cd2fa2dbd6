//! Files of template links.

use std::collections::{BTreeMap, HashMap};

use cedar_policy::{EntityUid, PolicyId, SlotId};
use palisade_diag::{Diagnostic, FileId};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::policies::{Link, Policies};
use crate::{errors, json, uid};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(alias = "templateId")]
    template_id: String,
    #[serde(alias = "new_id", alias = "newId")]
    link_id: String,
    #[serde(alias = "values")]
    args: BTreeMap<String, Value>,
}

/// Adds the links of a file. If policies are missing because they are broken, links are read and not looked up.
pub(crate) fn read(
    file: FileId,
    text: &str,
    policies: &mut Policies,
    are_policies_whole: bool,
    out: &mut Vec<Diagnostic>,
) {
    let links: Vec<&RawValue> = match json::read(file, text) {
        Ok(links) => links,
        Err(diagnostic) => return out.push(*diagnostic),
    };
    for written in links {
        let span = json::span_of(file, text, written);
        let link = serde_json::from_str::<Written>(written.get())
            .map_err(|error| json::without_place(&error))
            .and_then(|written| Ok((slots(&written.args)?, written)));
        match link {
            Ok((slots, written)) if are_policies_whole => policies.link(
                Link {
                    template: PolicyId::new(&written.template_id),
                    id: PolicyId::new(&written.link_id),
                    slots,
                    span,
                },
                out,
            ),
            Ok(_) => {}
            Err(reason) => out.push(errors::bad_link(span, &reason)),
        }
    }
}

fn slots(args: &BTreeMap<String, Value>) -> Result<HashMap<SlotId, EntityUid>, String> {
    let slot = |name: &str| match name {
        "?principal" => Ok(SlotId::principal()),
        "?resource" => Ok(SlotId::resource()),
        _ => Err(format!("there is no slot `{name}`; there are `?principal` and `?resource`")),
    };
    args.iter().map(|(name, value)| Ok((slot(name)?, uid::from_json(value)?))).collect()
}
