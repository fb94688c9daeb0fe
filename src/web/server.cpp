#include "web/server.hpp"

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

}  // namespace

Server::Server(Reviewer reviewer, const Settings& settings)
    : patience_(settings.patience),
      capacity_(Capacity::within_limits(settings.maximum_streams)),
      listener_(settings.host, settings.port),
      hosts_(settings.host, listener_.port(), settings.remote_hosts),
      reviewer_(std::move(reviewer)),
      links_("http://" + hosts_.preferred(), clock_),
      events_(std::make_shared<EventHub>(capacity_.streams)),
      sweeper_(reviewer_.storage()),
      authorization_({hosts_, settings.token}, sessions_),
      api_({reviewer_, links_, sessions_, *events_, sweeper_, clock_}),
      engine_([this](const Call& call) { return api_.answer(call); }),
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
    std::string text;
    const auto result = reader.read_head(text);
    if (result == RequestReader::Result::closed) return false;
    if (result != RequestReader::Result::complete) return refuse(answer_to(result), connection), false;

    const auto head = parse_request_head(text);
    if (const auto* refusal = std::get_if<Answer>(&head)) return refuse(*refusal, connection), false;
    if (const auto refusal = authorization_.check(std::get<RequestHead>(head)))
        return refuse(*refusal, connection), false;
    // Whatever is not for everybody was asked for with the token or a session.
    const auto& accepted = std::get<RequestHead>(head);
    if (!find_route(accepted.path).is_public(accepted.method)) connection.set_known();
    return serve_admitted(accepted, connection, reader);
}

bool Server::serve_admitted(const RequestHead& head, ClientConnection& connection, RequestReader& reader) {
    const std::size_t length = head.content_length().value_or(0);
    const bool waits_for_word = length > 0 && head.header("expect").has_value();
    if (waits_for_word && !write("HTTP/1.1 100 Continue\r\n\r\n", connection)) return false;
    Call call{.method = head.method, .path = head.path, .query = head.query, .body = {}};
    const auto result = reader.read_body(length, call.body);
    if (result != RequestReader::Result::complete) return refuse(answer_to(result), connection), false;

    return engine_.answer(call, head.keeps_alive, connection, patience_.write) && head.keeps_alive;
}

void Server::refuse(const Answer& answer, ClientConnection& connection) const {
    if (!write(closing_text(answer), connection)) return;
    connection.socket().close_gracefully(std::chrono::steady_clock::now() + patience_.farewell);
}

bool Server::write(std::string_view text, ClientConnection& connection) const {
    std::chrono::nanoseconds allowance = patience_.write;
    return connection.socket().write(text, allowance);
}

}  // namespace approvekit::web
