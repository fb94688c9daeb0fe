#include "web/server.hpp"

#include "web/identification.hpp"
#include "web/invited_reviewers.hpp"
#include "web/proxied_reviewers.hpp"

#include <optional>
#include <string>
#include <utility>

namespace approvekit::web {
namespace {

Answer answer_to(RequestReader::Result result) {
    switch (result) {
        case RequestReader::Result::late:
            return error_answer(408, "too_slow", "the request took too long to arrive");
        case RequestReader::Result::too_large:
            return error_answer(431, "head_too_large", "the request's headers are too large");
        default:
            return error_answer(400, "incomplete_request", "the request ended in its middle");
    }
}

/// Returns nothing if none was sent. An empty one was not written by this server.
std::optional<std::string> last_event_id_of(const RequestHead& head) {
    const auto id = head.header("last-event-id");
    return id ? std::optional<std::string>(*id) : std::nullopt;
}

/// Returns how the server is told who asks. `address`: where links lead.
std::unique_ptr<Identification> identification_of(const Settings& settings, const std::string& reviewer,
                                                  std::string address, const Clock& clock) {
    if (!settings.user_header.empty()) {
        return std::make_unique<ProxiedReviewers>(
            ProxiedReviewers::Terms{settings.user_header, settings.proxy_secret, settings.reviewers_file}, clock);
    }
    if (!settings.reviewers_file.empty()) {
        return std::make_unique<InvitedReviewers>(settings.reviewers_file, clock);
    }
    return std::make_unique<OneReviewer>(OneReviewer::Terms{reviewer, settings.token, std::move(address)}, clock);
}

}  // namespace

Server::Server(Reviewer reviewer, const Settings& settings)
    : patience_(settings.patience),
      base_path_(settings.base_path),
      capacity_(Capacity::within_limits(settings.maximum_streams)),
      listener_(settings.host, settings.port),
      hosts_(settings.host, listener_.port(), settings.remote_hosts, settings.public_origin),
      reviewer_(std::move(reviewer)),
      identification_(identification_of(settings, reviewer_.name(), hosts_.link_origin() + base_path_, clock_)),
      events_(std::make_shared<EventHub>(capacity_.streams)),
      authorization_(hosts_, *identification_),
      api_({reviewer_, *identification_, *events_, clock_, base_path_}),
      connections_(capacity_.connections, [this](ClientConnection& connection) { serve(connection); }),
      subscription_(reviewer_.storage().subscribe(events_)),
      acceptor_([this] { accept_connections(); }) {}

Server::~Server() {
    listener_.stop();
    acceptor_.join();
    events_->close();
    connections_.stop();
}

void Server::accept_connections() {
    while (auto connection = listener_.accept([this] { connections_.make_room(); }))
        connections_.take(*std::move(connection));
}

void Server::serve(ClientConnection& connection) {
    RequestReader reader(connection.socket(), patience_);
    while (serve_request(connection, reader))
        connection.set_busy(false);
}

/// Returns whether the connection may bring another request.
bool Server::serve_request(ClientConnection& connection, RequestReader& reader) {
    using Result = RequestReader::Result;
    std::string text;
    const Result result = reader.read_head(text);
    if (result == Result::closed) return false;
    if (result != Result::complete) return refuse(answer_to(result), connection);

    const auto read = parse_request_head(text);
    if (const auto* refusal = std::get_if<Answer>(&read)) return refuse(*refusal, connection);
    return serve_call(std::get<RequestHead>(read), connection, reader);
}

bool Server::serve_call(const RequestHead& head, ClientConnection& connection, RequestReader& reader) {
    using Result = RequestReader::Result;
    Call call{.route = find_route(head.path, base_path_),
              .method = head.method,
              .query = head.query,
              .body = {},
              .last_event_id = last_event_id_of(head)};
    auto admitted = authorization_.check(head, call.route);
    if (const auto* refusal = std::get_if<Answer>(&admitted)) return refuse(*refusal, connection);
    // What is not for everybody was requested with the token or a session.
    if (!call.route.is_public(call.method)) connection.set_known();

    const Result result = read_body(head, connection, reader, call.body);
    if (result == Result::closed) return false;
    if (result != Result::complete) return refuse(answer_to(result), connection);
    // Whoever holds back a body may no longer be let in when it comes.
    if (!call.body.empty()) admitted = authorization_.check(head, call.route);
    if (const auto* refusal = std::get_if<Answer>(&admitted)) return refuse(*refusal, connection);
    call.caller = std::get<Caller>(std::move(admitted));
    // When the server stops, it shuts its connections down, and their peers count as gone.
    call.is_wanted = [&connection] { return connection.socket().is_peer_alive(); };
    connection.set_busy(true);
    return writer_.write(api_.answer(call), head.keeps_alive, connection, patience_.write) && head.keeps_alive;
}

RequestReader::Result Server::read_body(const RequestHead& head, ClientConnection& connection, RequestReader& reader,
                                        std::string& body) const {
    const std::size_t length = head.content_length().value_or(0);
    std::chrono::nanoseconds allowance = patience_.write;
    const bool waits_for_word = length > 0 && head.header("expect").has_value();
    if (waits_for_word && !connection.socket().write("HTTP/1.1 100 Continue\r\n\r\n", allowance)) {
        return RequestReader::Result::closed;
    }
    return reader.read_body(length, body);
}

/// Returns false, since nothing more is read from a client that was refused.
bool Server::refuse(const Answer& answer, ClientConnection& connection) {
    const bool is_written = writer_.write(answer, false, connection, patience_.write);
    connection.set_busy(false);
    if (is_written) connection.socket().close_gracefully(std::chrono::steady_clock::now() + patience_.farewell);
    return false;
}

}  // namespace approvekit::web
