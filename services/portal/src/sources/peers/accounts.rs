//! Who may sign in.

use futures::FutureExt;
use tracemesh_access::Principal;
use tracemesh_proto::registry::v1::{
    AppointAccountRequest, AppointAccountResponse, ListAccountsRequest, ListAccountsResponse, SetAccountStateRequest,
    SetAccountStateResponse,
};

use crate::sources::Reply;
use crate::sources::accounts::AccountSources;
use crate::sources::peers::FromPeers;

impl AccountSources for FromPeers {
    fn accounts<'a>(&'a self, asker: &'a Principal, request: ListAccountsRequest) -> Reply<'a, ListAccountsResponse> {
        async move { Ok(self.on_behalf(asker).registry().list_accounts(request).await?.into_inner()) }.boxed()
    }

    fn appoint<'a>(&'a self, asker: &'a Principal, request: AppointAccountRequest) -> Reply<'a, AppointAccountResponse> {
        async move { Ok(self.on_behalf(asker).registry().appoint_account(request).await?.into_inner()) }.boxed()
    }

    fn set_account_state<'a>(&'a self, asker: &'a Principal, request: SetAccountStateRequest) -> Reply<'a, SetAccountStateResponse> {
        async move { Ok(self.on_behalf(asker).registry().set_account_state(request).await?.into_inner()) }.boxed()
    }
}
