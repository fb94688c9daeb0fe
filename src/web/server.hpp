#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/reviewer.hpp"
#include "web/api.hpp"
#include "web/crew.hpp"
#include "web/event_hub.hpp"
#include "web/gate.hpp"
#include "web/http_engine.hpp"
#include "web/listener.hpp"
#include "web/request_reader.hpp"
#include "web/sessions.hpp"
#include "web/sweeper.hpp"

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
    std::size_t maximum_streams = 64;
    Patience patience;
};

/// A running server: accepts connections, lets the gate decide on each request and the API answer it.
///
/// Serves from its construction, which throws Error (server) when the address is not to be had, to its destruction.
class Server {
public:
    Server(Reviewer reviewer, const Settings& settings);
    ~Server();

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return listener_.port(); }
    [[nodiscard]] const std::string& host() const noexcept { return hosts_.preferred(); }

private:
    void accept_connections();
    void serve(Connection& connection);
    [[nodiscard]] bool serve_request(Connection& connection, RequestReader& reader);
    [[nodiscard]] bool serve_admitted(const RequestHead& head, const Admission& admission, Connection& connection,
                                      RequestReader& reader);
    void refuse(const Answer& answer, Connection& connection) const;
    [[nodiscard]] Socket::Deadline write_deadline() const;

    const Patience patience_;
    Listener listener_;
    const Hosts hosts_;
    Reviewer reviewer_;
    SystemClock clock_;
    Sessions sessions_;
    std::shared_ptr<EventHub> events_;
    Sweeper sweeper_;
    Gate gate_;
    Api api_;
    HttpEngine engine_;
    Crew crew_;
    std::unique_ptr<Subscription> subscription_;
    std::jthread acceptor_;
};

}  // namespace approvekit::web
