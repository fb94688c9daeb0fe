#include "busy_work.hpp"

#include <array>
#include <cstddef>

namespace approvekit::demo {
namespace {

constexpr std::array people{"Ines Novak",  "Tom Okafor",  "Lin Wei",  "Ada Brandt", "Ravi Rao",
                            "Mia Solberg", "Omar Haddad", "Eva Kiss", "Noah Lang",  "Zoe Martin"};
constexpr std::array mails{"ines@bakery.example", "tom@florist.example", "lin@tea.example",    "ada@books.example",
                           "ravi@bikes.example",  "mia@boats.example",   "omar@lamps.example", "eva@shoes.example",
                           "noah@maps.example",   "zoe@toys.example"};
constexpr std::array commands{"df -h /srv/backup",
                              "systemctl restart shop-worker",
                              "tail -n 200 /var/log/shop/errors.log",
                              "find /srv/uploads -name '*.tmp' -mtime +7 -delete",
                              "pg_dump shop | gzip > \"/srv/backup/shop-$(date +%F).sql.gz\"",
                              "docker image prune --force # frees some 4 GB",
                              "curl -fsS https://status.example.com/api/health",
                              "du -sh /srv/* | sort -h | tail",
                              "rsync -a --delete /srv/uploads/ backup@store.example.com:uploads/",
                              "for queue in mail export; do shopctl queue drain \"$queue\"; done"};

Json mail(std::size_t number) {
    const std::string first = std::string(people[number]).substr(0, std::string(people[number]).find(' '));
    return {{"to", mails[number]},
            {"subject", "Your order " + std::to_string(20310 + 7 * number)},
            {"body", "Dear " + first + ",\n\nyour parcel left us today. Follow it at\nhttps://parcels.example.com/t/" +
                         std::to_string(88100 + 13 * number) + "\n\nKind regards\nThe shop"}};
}

Json payment(std::size_t number) {
    return {{"amount", number == 6 ? 48'000 : 80 + 35 * static_cast<int>(number)},
            {"currency", "EUR"},
            {"to", people[number]},
            {"iban", "DE00 5001 0517 5407 32" + std::to_string(40 + number)},
            {"purpose", "Refund of order " + std::to_string(20310 + 7 * number)}};
}

Json shell(std::size_t number) {
    return {{"host", number % 2 == 0 ? "shop-1" : "shop-2"}, {"command", commands[number]}};
}

/// Most are short; one is a report of two hundred lines with something else at its end.
Json query(std::size_t number) {
    std::string sql =
        "UPDATE orders\nSET state = 'shipped', shipped_at = now()\nWHERE id = " + std::to_string(20310 + 7 * number) +
        "; -- parcel " + std::to_string(88100 + 13 * number);
    if (number == 4) {
        sql = "SELECT c.id, c.name, sum(o.total) AS total\nFROM customers c JOIN orders o ON o.customer = c.id\nWHERE";
        for (int day = 1; day <= 190; ++day)
            sql += "\n  o.day <> " + std::to_string(day) + " AND";
        sql += "\n  o.total > 0\nGROUP BY c.id, c.name\nORDER BY total DESC;\nDELETE FROM accounts;";
    }
    return {{"database", "shop"}, {"sql", sql}};
}

Json patch(std::size_t number) {
    const std::string old_limit = std::to_string(10 + number);
    const std::string new_limit = std::to_string(20 + number);
    return {
        {"repository", "shop"},
        {"branch", "fix-" + std::to_string(400 + number)},
        {"patch",
         "diff --git a/shop/limits.py b/shop/limits.py\n--- a/shop/limits.py\n+++ b/shop/limits.py\n"
         "@@ -12,7 +12,7 @@ class Limits:\n     \"\"\"What one customer may do in a day.\"\"\"\n \n-    orders = " +
             old_limit + "\n+    orders = " + new_limit + "\n     refunds = 3\n \n     def allows(self, count):\n"}};
}

Json rows(std::size_t number) {
    Json list = Json::array();
    for (std::size_t row = 0; row < 6; ++row) {
        const std::size_t who = (number + row) % people.size();
        list.push_back(
            {{"id", 3000 + 10 * number + row}, {"name", people[who]}, {"mail", mails[who]}, {"active", row != 3}});
    }
    return {{"table", "customers"}, {"batch", number + 1}, {"rows", list}};
}

}  // namespace

std::vector<Errand> sixty_errands() {
    std::vector<Errand> errands;
    for (std::size_t number = 0; number < people.size(); ++number) {
        const std::string order = "order " + std::to_string(20310 + 7 * number);
        errands.push_back({"mail agent", "send_email", mail(number), "The parcel of " + order + " has left."});
        errands.push_back({"finance agent", "pay", payment(number), "The customer sent " + order + " back."});
        errands.push_back({"operations agent", "shell", shell(number), "The disk of the shop is nearly full."});
        errands.push_back({"finance agent", "run_sql", query(number), "The books still show " + order + " as open."});
        errands.push_back({"operations agent", "apply_patch", patch(number), "Two customers ran into the limit."});
        errands.push_back({"mail agent", "import_rows", rows(number), "The fair's list of visitors came in."});
    }
    return errands;
}

}  // namespace approvekit::demo
