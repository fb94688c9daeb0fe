#include "review_api.hpp"

#include <httplib.h>

#include <stdexcept>

namespace approvekit::demo {
namespace {

Json answer_in(const httplib::Result& result) {
    if (!result) throw std::runtime_error("the reviewer's server does not answer");
    Json body = parse_json(result->body);
    if (result->status != 200) throw std::runtime_error("the reviewer's server refused: " + body.value("error", ""));
    return body;
}

}  // namespace

ReviewApi::ReviewApi(const std::string& address, const std::string& token)
    : client_(std::make_unique<httplib::Client>(address)) {
    client_->set_default_headers({{"Authorization", "Bearer " + token}});
    client_->set_tcp_nodelay(true);
}

ReviewApi::~ReviewApi() = default;

Json ReviewApi::requests(std::string_view status) {
    return answer_in(client_->Get("/api/requests?status=" + std::string(status))).at("requests");
}

Json ReviewApi::audit() {
    return answer_in(client_->Get("/api/audit")).at("audit");
}

Json ReviewApi::decide(const std::string& request_id, const std::string& verb, const std::string& notes) {
    const std::string path = "/api/requests/" + request_id + "/" + verb;
    return answer_in(client_->Post(path, Json{{"notes", notes}}.dump(), "application/json")).at("request");
}

}  // namespace approvekit::demo
