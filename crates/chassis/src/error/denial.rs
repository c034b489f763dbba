//! What `access` refuses, as an error for the caller.

use tracemesh_access::token::TokenFault;
use tracemesh_access::{Denied, Role};

use super::{Error, ErrorCode};

impl From<Denied> for Error {
    fn from(denied: Denied) -> Error {
        match denied {
            Denied::SignIn { needs } => Error::new(ErrorCode::Unauthenticated, "error.access.sign_in_needed").with("needs", words(&needs)),
            Denied::Role { name, needs } => {
                Error::new(ErrorCode::PermissionDenied, "error.access.role_needed").with("name", name).with("needs", words(&needs))
            }
            Denied::Nobody => Error::new(ErrorCode::PermissionDenied, "error.access.nobody"),
        }
    }
}

/// Nothing is said about what is wrong with a token, except that its time is over: the rest helps only whoever made it up.
impl From<TokenFault> for Error {
    fn from(fault: TokenFault) -> Error {
        let reason = match fault {
            TokenFault::Expired { .. } | TokenFault::NotYet { .. } => "error.access.token_expired",
            _ => "error.access.token_invalid",
        };
        Error::new(ErrorCode::Unauthenticated, reason).because(fault)
    }
}

fn words(roles: &[Role]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use tracemesh_access::{Principal, decide};

    use super::*;

    #[test]
    fn a_refusal_says_whether_signing_in_would_help() {
        let refused = |principal: &Principal| Error::from(decide(principal, &[Role::Regulator]).unwrap_err());
        let public = refused(&Principal::public());
        assert_eq!(public.code(), ErrorCode::Unauthenticated);
        let service = refused(&Principal::service("quality"));
        assert_eq!(service.code(), ErrorCode::PermissionDenied);
        assert_eq!(service.to_string(), "service:quality has none of the roles that this call needs: REGULATOR.");
    }

    #[test]
    fn a_made_up_token_learns_nothing() {
        assert_eq!(Error::from(TokenFault::Signature).to_string(), Error::from(TokenFault::Malformed).to_string());
        assert_eq!(Error::from(TokenFault::Expired { late_ms: 1 }).reason(), "error.access.token_expired");
    }
}
