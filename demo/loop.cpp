// The loop of an agent: it reads its model's calls as JSON, one turn per line, and writes the answers of the tools
// back.

#include "approvekit/approvekit.hpp"
#include "approvekit/open_storage.hpp"
#include "engines.hpp"
#include "stop_on_signal.hpp"

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace approvekit;

enum class Currency { eur, usd };
NLOHMANN_JSON_SERIALIZE_ENUM(Currency, {{Currency::eur, "eur"}, {Currency::usd, "usd"}})

struct Payment {
    std::string to;
    long cents = 0;
    NLOHMANN_DEFINE_TYPE_INTRUSIVE(Payment, to, cents)
};

static Tools make_tools(const ApproveKit& kit) {
    Tools tools(kit);
    tools.add("read_order", {"id"}, [](int id) { return Json{{"id", id}, {"customer", "ana"}, {"paid", 1250}}; });
    tools.add("search_orders", {"text", Parameter("most").otherwise(10)},
              [](const std::string& text, unsigned most) { return std::vector<std::string>(most, text); });
    tools.add({"send_email", "Sends an email."}, {"to", "subject", "body"},
              [](const std::string& to, const std::string&, const std::string&) { return "sent to " + to; });
    tools.add({"pay", "Pays somebody back."}, {"payment", "currency", "reference"},
              [](const Payment& payment, Currency, const std::optional<std::string>&) {
                  return std::to_string(payment.cents) + " cents are on their way to " + payment.to;
              });
    tools.add("remind", {"customer", "within"}, [](const std::string&, std::chrono::hours) {});
    tools.add("delete_orders", {"ids"}, [](const std::vector<int>& ids) { return ids.size(); });
    return tools;
}

/// One turn: all calls are submitted at the same time, and answered in the model's order.
static void take_turn(const Tools& tools, const Json& turn, const std::stop_token& stop) {
    std::vector<ToolTicket> tickets;
    for (const Json& call : turn.at("calls"))
        tickets.push_back(tools.with({.why = turn.value("why", ""), .conversation = "demo"})
                              .submit(call.at("name").get<std::string>(), call.at("arguments").get<std::string>()));
    for (ToolTicket& ticket : tickets)
        std::cout << "- " << ticket.attempt(stop).text_for_model() << std::endl;
}

int main(int count, char** words) try {
    if (count != 3) throw std::invalid_argument("usage: approvekit-demo-loop DATABASE POLICY < turns");
    const tools::StopOnSignal stop;
    tools::use_engines();
    const auto storage = open_storage(words[1]).storage;
    ApproveKit::Options options;
    options.agent = "demo loop";
    options.on_event = log_events(std::string("approvekit-review --db ") + words[1]);
    const Tools tools = make_tools(ApproveKit(Policy::from_file(words[2]), storage, options));
    for (std::string line; !stop.token().stop_requested() && std::getline(std::cin, line);)
        take_turn(tools, parse_json(line), stop.token());
    return stop.token().stop_requested() ? 130 : 0;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
