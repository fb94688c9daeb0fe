#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/reviewer.hpp"
#include "web/answer_writer.hpp"
#include "web/api.hpp"
#include "web/authorization.hpp"
#include "web/connection_pool.hpp"
#include "web/event_hub.hpp"
#include "web/identification.hpp"
#include "web/request_reader.hpp"
#include "web/socket.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace approvekit::web {

/// Where and for whom a server serves. Plain values.
struct Settings {
    std::string host;
    std::uint16_t port = 0;
    std::string token;
    std::vector<std::string> remote_hosts;
    std::string base_path{};      ///< as read_base_path() returns it
    std::string public_origin{};  ///< how browsers reach it through a proxy; empty if they do not
    std::size_t maximum_streams = 64;
    Patience patience;
    /// The file that lists several reviewers. Empty: there is one reviewer, or everybody whom a proxy lets in is one.
    std::string reviewers_file{};
    std::string user_header{};   ///< as read_user_header() returns it, if a proxy says who asks; empty if none does
    std::string proxy_secret{};  ///< of that proxy
};

/// A running server: accepts connections, has each request authorized, and has the API answer it.
///
/// Serves from its construction to its destruction. The constructor throws Error (server) if the address is not
/// available or the process may open too few files, and Error (invalid_option) if the file of reviewers cannot be read
/// or trusted.
class Server {
public:
    Server(Reviewer reviewer, const Settings& settings);
    ~Server();

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return listener_.port(); }
    /// Returns how a program on this machine reaches it: "http://127.0.0.1:8765/approvals".
    [[nodiscard]] std::string address() const { return "http://" + hosts_.preferred() + base_path_; }

    /// Returns why it serves fewer clients at once than usual, for a person; empty if it does not.
    [[nodiscard]] const std::string& capacity_note() const noexcept { return capacity_.note; }

    /// Returns a link that signs one browser in. Throws Error (invalid_option) if there are several reviewers or a
    /// proxy says who asks.
    [[nodiscard]] std::string make_link() { return identification_->make_link(); }

private:
    void accept_connections();
    void serve(ClientConnection& connection);
    [[nodiscard]] bool serve_request(ClientConnection& connection, RequestReader& reader);
    [[nodiscard]] bool serve_call(const RequestHead& head, ClientConnection& connection, RequestReader& reader);
    [[nodiscard]] RequestReader::Result read_body(const RequestHead& head, ClientConnection& connection,
                                                  RequestReader& reader, std::string& body) const;
    [[nodiscard]] bool refuse(const Answer& answer, ClientConnection& connection);

    const Patience patience_;
    const std::string base_path_;
    const Capacity capacity_;
    Listener listener_;
    const Hosts hosts_;
    Reviewer reviewer_;
    SystemClock clock_;
    std::unique_ptr<Identification> identification_;
    std::shared_ptr<EventHub> events_;
    Authorization authorization_;
    Api api_;
    AnswerWriter writer_;
    ConnectionPool connections_;
    std::unique_ptr<Subscription> subscription_;
    std::jthread acceptor_;
};

}  // namespace approvekit::web
