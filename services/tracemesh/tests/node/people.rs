//! People of a node at the terminal: appointed by the administrator of security, and acting by their sessions.

use crate::process::Node;
use crate::session::{documents, play};

#[test]
fn people_are_appointed_and_act_by_their_sessions() {
    let node = Node::start();
    let link = node.endpoints["sign_in"].as_str().unwrap();
    let first = token(&node, link);
    let command =
        format!("tracemesh account appoint li --role REGULATOR,ACKNOWLEDGER --area 370600 --category FOOD --token {first} --json");
    let appointed = &documents(&node, &command)[0];
    assert_eq!(appointed["account"]["roles"], serde_json::json!(["REGULATOR", "ACKNOWLEDGER"]));
    let li = token(&node, appointed["sign_in"].as_str().unwrap());
    play(
        &node,
        &format!(
            "
$ tracemesh session open {link}
! tracemesh: The sign-in link is not valid: used already, out of date, or not of this node.
? 2
$ tracemesh account appoint wang --role SIGNER --area * --category * --display 王签发
! tracemesh: operator has none of the roles that this call needs: SECURITY_ADMINISTRATOR.
? 2
$ tracemesh account appoint wang --role SIGNER --area * --category * --display 王签发 --token {first}
http://127.0.0.1:[..]/console/sign-in/[..]
! tracemesh: good once, within a day, in a browser or with `tracemesh session open`; what let the account in before has ended
$ tracemesh account appoint administrator --role SIGNER --area * --category * --token {first}
! tracemesh: Nobody may change his own account, which administrator is.
? 2
$ tracemesh account list --token {first}
administrator             active      REGULATOR,SECURITY_ADMINISTRATOR  *  *
li                        active      REGULATOR,ACKNOWLEDGER  370600  FOOD
wang                      active      SIGNER  *  *  王签发
$ tracemesh receipts --token {li}
$ tracemesh account list --token {li}
! tracemesh: user:li has none of the roles that this call needs: SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR.
? 2
$ tracemesh laboratory authorise 12110000400000018T --name 检验检测中心 --area 370600 --category FOOD --from 2026-01-01
12110000400000018T  2026-01-01 ..             370600  FOOD  检验检测中心
$ tracemesh laboratory list --token {li}
12110000400000018T  2026-01-01 ..             370600  FOOD  检验检测中心
$ tracemesh contact set nobody --phone 13812345678
! tracemesh: The subject nobody is not registered at this node.
? 1
$ tracemesh account suspend li --why holidays --token {first}
li                        suspended   REGULATOR,ACKNOWLEDGER  370600  FOOD
$ tracemesh receipts --token {li}
! tracemesh: Your session has ended.
? 2
$ tracemesh account resume li --why back --token {first}
li                        active      REGULATOR,ACKNOWLEDGER  370600  FOOD
"
        ),
    );
    node.stop();
}

/// What a link opens.
fn token(node: &Node, link: &str) -> String {
    documents(node, &format!("tracemesh session open {link} --json"))[0]["session"].as_str().unwrap().to_owned()
}
