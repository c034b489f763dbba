//! Who may sign in.

use tracemesh_access::Principal;
use tracemesh_proto::registry::v1::{
    AppointAccountRequest, AppointAccountResponse, ListAccountsRequest, ListAccountsResponse, SetAccountStateRequest,
    SetAccountStateResponse,
};

use crate::sources::Reply;

/// Who may sign in. Asked on behalf of the one who looks.
pub trait AccountSources: Send + Sync + 'static {
    /// The accounts.
    fn accounts<'a>(&'a self, asker: &'a Principal, request: ListAccountsRequest) -> Reply<'a, ListAccountsResponse>;
    /// Gives somebody an account.
    fn appoint<'a>(&'a self, asker: &'a Principal, request: AppointAccountRequest) -> Reply<'a, AppointAccountResponse>;
    /// Suspends an account, or takes it back.
    fn set_account_state<'a>(&'a self, asker: &'a Principal, request: SetAccountStateRequest) -> Reply<'a, SetAccountStateResponse>;
}
