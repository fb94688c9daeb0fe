#pragma once

#include "web/answer.hpp"
#include "web/call.hpp"
#include "web/client_connection.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace approvekit::web {

/// Speaks HTTP for one admitted call after the other. The only place that knows cpp-httplib.
///
/// The library is handed nothing but complete requests, in our own words and from memory: it never waits for a
/// client, and no header of a client reaches it. That is what keeps all its releases alike; docs/security.md tells
/// what they do otherwise.
class HttpEngine {
public:
    /// `api` is called on the threads that call answer().
    explicit HttpEngine(std::function<Answer(const Call&)> api);
    ~HttpEngine();

    HttpEngine(const HttpEngine&) = delete;
    HttpEngine& operator=(const HttpEngine&) = delete;

    /// Writes the API's answer to `connection`, which counts as busy but for the time that it keeps the answer waiting:
    /// `patience` in all, and more only for what it reads meanwhile (Socket::write). Returns when a stream has ended,
    /// too. False: the answer could not be written whole. Thread-safe.
    [[nodiscard]] bool answer(const Call& call, bool keeps_alive, ClientConnection& connection,
                              std::chrono::milliseconds patience);

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit::web
