//! tonic 0.14: the layer of the server. Status and trailers stay those of the service.

use http::Uri;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{
    Code, Status,
    transport::{Channel, Endpoint, Server},
};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tower_hardening::{
    Hardening, HardeningLayer,
    hosts::{AllowedHosts, AllowedHostsLayer},
};

async fn serve(listener: TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (_reporter, health) = tonic_health::server::health_reporter();
    let server = Server::builder()
        .layer(HardeningLayer::new(Hardening::api()))
        .layer(AllowedHostsLayer::new(AllowedHosts::new(["example.tld"])?))
        .add_service(health);
    Ok(server.serve_with_incoming(TcpListenerStream::new(listener)).await?)
}

/// Starts the server, and connects a client that names `host`.
async fn client(host: &'static str) -> HealthClient<Channel> {
    let address = crate::check::start(serve).await;
    let endpoint = Endpoint::try_from(format!("http://{address}")).unwrap();
    let channel = endpoint.origin(Uri::from_static(host)).connect().await.unwrap();
    HealthClient::new(channel)
}

/// Asserts that the metadata, which is what the headers are to a client, has the policies.
#[track_caller]
fn assert_sent(metadata: &tonic::metadata::MetadataMap) {
    crate::check::assert_sent(metadata.as_ref(), &Hardening::api().headers());
}

#[tokio::test]
async fn tonic_sends_the_policies_with_the_message_and_its_trailers() {
    let mut client = client("http://example.tld").await;
    let response = client.check(HealthCheckRequest::default()).await.unwrap();
    assert_sent(response.metadata());
    assert_eq!(response.into_inner().status(), ServingStatus::Serving);
}

#[tokio::test]
async fn tonic_sends_the_policies_with_an_error_of_the_service() {
    let mut client = client("http://example.tld").await;
    let request = HealthCheckRequest { service: "unknown".into() };
    let status = client.check(request).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert_sent(status.metadata());
}

#[tokio::test]
async fn a_client_of_grpc_reads_a_status_in_the_refusal_of_a_gate() {
    let mut client = client("http://another.example").await;
    let status: Status = client.check(HealthCheckRequest::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition, "{status:?}");
    assert_sent(status.metadata());
}
