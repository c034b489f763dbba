//! `tracemesh`: a node, its services, and the operator's commands, in one binary. See the library beside it.

fn main() -> std::process::ExitCode {
    tracemesh::main()
}
