#pragma once

#include "approvekit/json.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace httplib {
class Client;
}

namespace approvekit::demo {

/// A client of approvekit-web's HTTP API, as a deciding program would implement it.
///
/// All calls throw std::runtime_error when the server does not answer, and with the server's text when it refuses.
class ReviewApi {
public:
    /// `address` is the server's address without a path; `token` is the server's token.
    ReviewApi(const std::string& address, const std::string& token);
    ~ReviewApi();
    ReviewApi(const ReviewApi&) = delete;
    ReviewApi& operator=(const ReviewApi&) = delete;

    /// The requests with a status, "pending" for those that wait, or "all" of them.
    [[nodiscard]] Json requests(std::string_view status);

    /// The record, newest entry first.
    [[nodiscard]] Json audit();

    /// `verb` is approve or reject. Returns the request after it.
    Json decide(const std::string& request_id, const std::string& verb, const std::string& notes);

private:
    std::unique_ptr<httplib::Client> client_;
};

}  // namespace approvekit::demo
