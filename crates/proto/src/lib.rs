#![doc = include_str!("../README.md")]
#![allow(clippy::doc_lazy_continuation, clippy::large_enum_variant)]

pub mod accepted;
mod principal;
mod record_reader;
pub mod rules;

pub use record_reader::read_record;

pub mod json;
pub mod time;

use std::sync::LazyLock;

use prost_reflect::DescriptorPool;

/// Generated code, one module per package.
pub mod access {
    pub mod v1 {
        tonic::include_proto!("tracemesh.access.v1");
    }
}
pub mod record {
    pub mod v1 {
        tonic::include_proto!("tracemesh.record.v1");
    }
}
pub mod journal {
    pub mod v1 {
        tonic::include_proto!("tracemesh.journal.v1");
    }
}
pub mod registry {
    pub mod v1 {
        tonic::include_proto!("tracemesh.registry.v1");
    }
}
pub mod ingestion {
    pub mod v1 {
        tonic::include_proto!("tracemesh.ingestion.v1");
    }
}
pub mod analytics {
    pub mod v1 {
        tonic::include_proto!("tracemesh.analytics.v1");
    }
}
pub mod quality {
    pub mod v1 {
        tonic::include_proto!("tracemesh.quality.v1");
    }
}
pub mod emergency {
    pub mod v1 {
        tonic::include_proto!("tracemesh.emergency.v1");
    }
}
pub mod federation {
    pub mod v1 {
        tonic::include_proto!("tracemesh.federation.v1");
    }
}

/// The encoded `FileDescriptorSet` of every package, options included: what gRPC reflection serves.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// The same as a pool, for the JSON gateway and the access table.
pub static POOL: LazyLock<DescriptorPool> =
    LazyLock::new(|| DescriptorPool::decode(DESCRIPTORS).expect("the build wrote a whole descriptor set"));
