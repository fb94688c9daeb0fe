#include "web/http_engine.hpp"

#include "web/event_hub.hpp"

#include <httplib.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <exception>
#include <string>
#include <utility>

namespace approvekit::web {
namespace {

/// The request as the library reads it.
std::string canonical_text(const Call& call, bool keeps_alive) {
    std::string text = call.method + " " + call.path;
    if (!call.query.empty()) text.append("?").append(call.query);
    text.append(" HTTP/1.1\r\nHost: localhost\r\nConnection: ").append(keeps_alive ? "keep-alive" : "close");
    if (call.method == "POST") {
        text.append("\r\nContent-Type: application/json\r\nContent-Length: ").append(std::to_string(call.body.size()));
    }
    return text.append("\r\n\r\n").append(call.body);
}

Call read_call(const httplib::Request& request) {
    const auto mark = request.target.find('?');
    return {.method = request.method,
            .path = request.target.substr(0, mark),
            .query = mark == std::string::npos ? "" : request.target.substr(mark + 1),
            .body = request.body};
}

/// Passes on what the stream has to say until it or the client ends.
void supply(httplib::Response& response, const std::string& content_type, std::shared_ptr<EventStream> stream) {
    response.set_chunked_content_provider(content_type,
                                          [stream = std::move(stream)](std::size_t, httplib::DataSink& sink) {
                                              const auto text = stream->next();
                                              if (!text) {
                                                  sink.done();
                                                  return true;
                                              }
                                              return sink.write(text->data(), text->size());
                                          });
}

void write_answer(const Answer& answer, httplib::Response& response) {
    response.status = answer.status;
    for (const HeaderList* headers : {&security_headers(), &answer.headers}) {
        for (const auto& [name, value] : *headers)
            response.set_header(name, value);
    }
    if (answer.stream) {
        supply(response, answer.content_type, answer.stream);
    } else {
        response.set_content(answer.body, answer.content_type);
    }
}

/// Reads a request from memory, writes the answer to a connection.
///
/// The releases of the library differ in which of these functions they call and declare, hence no `override`.
class MemoryStream final : public httplib::Stream {
public:
    MemoryStream(std::string request, ClientConnection& connection, std::chrono::milliseconds patience)
        : request_(std::move(request)), connection_(connection), patience_(patience) {}

    bool is_readable() const { return read_ < request_.size(); }
    bool is_writable() const { return connection_.socket().is_peer_alive(); }
    bool wait_readable() const { return is_readable(); }
    bool wait_writable() const { return true; }
    bool is_peer_alive() const { return connection_.socket().is_peer_alive(); }

    ssize_t read(char* bytes, size_t size) {
        const std::size_t count = std::min(size, request_.size() - read_);
        std::memcpy(bytes, request_.data() + read_, count);
        read_ += count;
        return static_cast<ssize_t>(count);
    }

    ssize_t write(const char* bytes, size_t size) {
        connection_.set_busy(false);
        const bool written = connection_.socket().write({bytes, size}, allowance_);
        connection_.set_busy(true);
        // What a stream has read in a day is no reason to wait for it for longer.
        allowance_ = std::min(allowance_, patience_);
        return written ? static_cast<ssize_t>(size) : -1;
    }

    // Nobody's identity is taken from an address.
    void get_remote_ip_and_port(std::string&, int&) const {}
    void get_local_ip_and_port(std::string&, int&) const {}

    // The library looks at the number only to poll it, which is not its business here.
    socket_t socket() const { return INVALID_SOCKET; }
    time_t duration() const { return 0; }

private:
    const std::string request_;
    std::size_t read_ = 0;
    ClientConnection& connection_;
    const std::chrono::nanoseconds patience_;
    std::chrono::nanoseconds allowance_ = patience_;
};

/// Puts back how the process treats SIGPIPE, which the library's server switches off for the whole process.
class SignalGuard {
public:
    SignalGuard() { ::sigaction(SIGPIPE, nullptr, &before_); }
    ~SignalGuard() { ::sigaction(SIGPIPE, &before_, nullptr); }
    SignalGuard(const SignalGuard&) = delete;
    SignalGuard& operator=(const SignalGuard&) = delete;

private:
    struct sigaction before_ {};
};

/// The library's server without its sockets and threads, which differ too much between its releases.
class Speaker final : public httplib::Server {
public:
    Speaker() {
        // An invalid one would tell the library's streams that the server is being stopped.
        svr_sock_ = 0;
    }

    bool process(MemoryStream& stream, bool closes) {
        bool closed = closes;
        const std::function<void(httplib::Request&)> nothing;
        return process_with(*this, stream, closes, closed, nothing);
    }

private:
    template <typename Server, typename... Last>
    static bool process_with(Server& server, MemoryStream& stream, bool closes, Last&... last) {
        if constexpr (requires { server.process_request(stream, closes, last...); }) {
            return server.process_request(stream, closes, last...);
        } else {
            const std::string address;
            return server.process_request(stream, address, 0, address, 0, closes, last...);
        }
    }
};

std::unique_ptr<Speaker> make_speaker() {
    const SignalGuard guard;
    return std::make_unique<Speaker>();
}

}  // namespace

class HttpEngine::Implementation {
public:
    explicit Implementation(std::function<Answer(const Call&)> api) : api_(std::move(api)) {
        const auto handle = [this](const httplib::Request& request, httplib::Response& response) {
            write_answer(api_(read_call(request)), response);
        };
        // Matched against the decoded path, in which a dot is no line end. A level of recursion for each character;
        // heads limit the length of paths.
        constexpr const char* every_path = "[\\s\\S]*";
        speaker_->Get(every_path, handle).Post(every_path, handle);
        speaker_->set_exception_handler(hide_exception);
        // How long a connection is kept is the server's to decide, so nothing is promised about it.
        speaker_->set_post_routing_handler(
            [](const auto&, httplib::Response& response) { response.headers.erase("Keep-Alive"); });
    }

    bool answer(MemoryStream& stream, bool keeps_alive) { return speaker_->process(stream, !keeps_alive); }

private:
    /// Without it, old releases tell every client the exception's text in a header.
    static void hide_exception(const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
        write_answer(error_answer(500, "internal_error", "the server could not answer this request"), response);
    }

    std::function<Answer(const Call&)> api_;
    std::unique_ptr<Speaker> speaker_ = make_speaker();
};

HttpEngine::HttpEngine(std::function<Answer(const Call&)> api)
    : implementation_(std::make_unique<Implementation>(std::move(api))) {}

HttpEngine::~HttpEngine() = default;

bool HttpEngine::answer(const Call& call, bool keeps_alive, ClientConnection& connection,
                        std::chrono::milliseconds patience) {
    connection.set_busy(true);
    MemoryStream stream(canonical_text(call, keeps_alive), connection, patience);
    return implementation_->answer(stream, keeps_alive);
}

}  // namespace approvekit::web
