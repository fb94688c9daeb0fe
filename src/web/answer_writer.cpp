#include "web/answer_writer.hpp"

#include "web/answer.hpp"

#include <httplib.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace approvekit::web {
namespace {

/// What the library reads before it answers.
constexpr std::string_view every_request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Passes on what the stream supplies, until the stream or the client ends.
void supply(httplib::Response& response, const std::string& content_type, std::shared_ptr<BodyStream> stream,
            std::function<bool()> is_client_there) {
    response.set_chunked_content_provider(
        content_type, [stream = std::move(stream), is_client_there = std::move(is_client_there)](
                          std::size_t, httplib::DataSink& sink) {
            std::optional<std::string> text;
            try {
                text = stream->next();
                // The library takes an empty piece for the end.
                while (text && text->empty() && is_client_there())
                    text = stream->next();
            } catch (const std::exception&) {  // the head is already sent: cutting off is the only way to report it
                return false;
            }
            if (text && text->empty()) return false;
            if (!text) {
                sink.done();
                return true;
            }
            return sink.write(text->data(), text->size());
        });
}

void fill(httplib::Response& response, const Answer& answer, std::function<bool()> is_client_there = {}) {
    response.status = answer.status;
    for (const HeaderList* headers : {&security_headers(), &answer.headers}) {
        for (const auto& [name, value] : *headers)
            response.set_header(name, value);
    }
    if (answer.stream) {
        supply(response, answer.content_type, answer.stream, std::move(is_client_there));
    } else {
        response.set_content(answer.body, answer.content_type);
    }
}

/// The answer that this thread is writing. The library calls back on the same thread, and passes nothing of ours along.
class AnswerUnderWay {
public:
    AnswerUnderWay(const Answer& answer, bool keeps_alive, const Socket& socket)
        : answer_(answer), keeps_alive_(keeps_alive), socket_(socket) {
        current_ = this;
    }
    ~AnswerUnderWay() { current_ = nullptr; }
    AnswerUnderWay(const AnswerUnderWay&) = delete;
    AnswerUnderWay& operator=(const AnswerUnderWay&) = delete;

    static void fill_in(httplib::Response& response) {
        fill(response, current_->answer_, [&socket = current_->socket_] { return socket.is_peer_alive(); });
    }

    /// The server decides whether the connection is kept, and for how long. Some releases of the library would close it
    /// after an error, and otherwise promise a time.
    static void tell_of_connection(httplib::Response& response) {
        response.headers.erase("Connection");
        response.headers.erase("Keep-Alive");
        if (!current_->keeps_alive_) response.set_header("Connection", "close");
    }

private:
    static thread_local const AnswerUnderWay* current_;

    const Answer& answer_;
    const bool keeps_alive_;
    const Socket& socket_;
};

thread_local const AnswerUnderWay* AnswerUnderWay::current_ = nullptr;

/// Reads the request from memory, and writes the answer to a connection.
///
/// The releases of the library differ in which of these functions they call and declare, so there is no `override`.
class MemoryStream final : public httplib::Stream {
public:
    MemoryStream(ClientConnection& connection, std::chrono::milliseconds patience)
        : connection_(connection), patience_(patience) {}

    bool is_readable() const { return !unread_.empty(); }
    bool is_writable() const { return !is_broken_ && connection_.socket().is_peer_alive(); }
    bool wait_readable() const { return is_readable(); }
    bool wait_writable() const { return true; }
    bool is_peer_alive() const { return connection_.socket().is_peer_alive(); }

    ssize_t read(char* bytes, size_t size) {
        const std::size_t count = unread_.copy(bytes, size);
        unread_.remove_prefix(count);
        return static_cast<ssize_t>(count);
    }

    /// Once a write has failed, all later ones fail: some releases go on after a head that was cut, and report success.
    ssize_t write(const char* bytes, size_t size) {
        if (is_broken_) return -1;
        connection_.set_busy(false);
        is_broken_ = !connection_.socket().write({bytes, size}, allowance_);
        connection_.set_busy(true);
        // What a stream's client has read in a day is no reason to wait longer for it.
        allowance_ = std::min(allowance_, patience_);
        return is_broken_ ? -1 : static_cast<ssize_t>(size);
    }

    /// Whether the client was sent less than it should get.
    [[nodiscard]] bool is_broken() const noexcept { return is_broken_; }

    // Nobody is identified by an address.
    void get_remote_ip_and_port(std::string&, int&) const {}
    void get_local_ip_and_port(std::string&, int&) const {}

    // The library uses the number only to poll it, which is not its business here.
    socket_t socket() const { return INVALID_SOCKET; }
    time_t duration() const { return 0; }

private:
    std::string_view unread_ = every_request;
    ClientConnection& connection_;
    const std::chrono::nanoseconds patience_;
    std::chrono::nanoseconds allowance_ = patience_;
    bool is_broken_ = false;
};

/// Restores how the process handles SIGPIPE, which the library's server switches off for the whole process.
class SignalGuard {
public:
    SignalGuard() { ::sigaction(SIGPIPE, nullptr, &before_); }
    ~SignalGuard() { ::sigaction(SIGPIPE, &before_, nullptr); }
    SignalGuard(const SignalGuard&) = delete;
    SignalGuard& operator=(const SignalGuard&) = delete;

private:
    struct sigaction before_ {};
};

/// The library's server without its sockets and threads, in which its releases differ too much.
class Speaker final : public httplib::Server {
public:
    Speaker() {
        // An invalid socket would tell the library's streams that the server is being stopped.
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

class AnswerWriter::Implementation {
public:
    Implementation() {
        speaker_->set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) {
            AnswerUnderWay::fill_in(response);
            return httplib::Server::HandlerResponse::Handled;
        });
        speaker_->set_exception_handler(hide_exception);
        speaker_->set_post_routing_handler(
            [](const auto&, httplib::Response& response) { AnswerUnderWay::tell_of_connection(response); });
    }

    bool write(const Answer& answer, bool keeps_alive, MemoryStream& stream, const Socket& socket) {
        const AnswerUnderWay under_way(answer, keeps_alive, socket);
        return speaker_->process(stream, !keeps_alive) && !stream.is_broken();
    }

private:
    /// Without this, old releases tell every client the exception's text in a header.
    static void hide_exception(const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
        fill(response, internal_error());
    }

    std::unique_ptr<Speaker> speaker_ = make_speaker();
};

AnswerWriter::AnswerWriter() : implementation_(std::make_unique<Implementation>()) {}

AnswerWriter::~AnswerWriter() = default;

bool AnswerWriter::write(const Answer& answer, bool keeps_alive, ClientConnection& connection,
                         std::chrono::milliseconds patience) {
    connection.set_busy(true);
    MemoryStream stream(connection, patience);
    return implementation_->write(answer, keeps_alive, stream, connection.socket());
}

}  // namespace approvekit::web
