// SPDX-License-Identifier: MIT
// A polkit authentication agent.
//   test_agent SUBJECT               its user always presses Cancel
//   test_agent SUBJECT silent        it never answers
//   test_agent SUBJECT answer PASSWORD [COUNT]
//                                    it types the password, at most COUNT times; then its user presses Cancel
// SUBJECT is the pid of the process that it answers for, or session:ID. Prints "registered", then for each prompt
// "asked" (where it answers: and the action), and "withdrawn" when polkit takes one back. One thread.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <pwd.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

namespace {

constexpr const char* kResponder = "/usr/lib/polkit-1/polkit-agent-helper-1"; // setuid; tells polkitd itself

struct Agent {
    bool silent = false;
    std::string password{};
    long answers = 0;               // how many prompts it answers yet
    sd_bus_message* open = nullptr; // the prompt that is not answered
};

void say(const std::string& line) {
    std::puts(line.c_str());
    static_cast<void>(std::fflush(stdout));
}

// The name of the first identity that may answer; empty where the message holds none.
std::string read_identity(sd_bus_message* message) {
    const char* kind = nullptr;
    const char* key = nullptr;
    unsigned uid = 0;
    const bool read = sd_bus_message_enter_container(message, 'a', "(sa{sv})") > 0 &&
                      sd_bus_message_enter_container(message, 'r', "sa{sv}") > 0 &&
                      sd_bus_message_read(message, "s", &kind) > 0 &&
                      sd_bus_message_enter_container(message, 'a', "{sv}") > 0 &&
                      sd_bus_message_enter_container(message, 'e', "sv") > 0 &&
                      sd_bus_message_read(message, "s", &key) > 0 && sd_bus_message_read(message, "v", "u", &uid) > 0;
    const passwd* const user = read ? getpwuid(uid) : nullptr;
    return user != nullptr ? user->pw_name : "";
}

// A conversation with the responder: the cookie, then the password when it asks. Whether it said SUCCESS.
bool authenticate(const std::string& user, const std::string& cookie, const std::string& password) {
    int to[2];
    int from[2];
    if (pipe(to) != 0 || pipe(from) != 0) {
        return false;
    }
    const pid_t child = fork();
    if (child == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        for (const int end : {to[0], to[1], from[0], from[1]}) {
            close(end);
        }
        execl(kResponder, kResponder, user.c_str(), static_cast<char*>(nullptr));
        std::perror(kResponder);
        _exit(1);
    }
    close(to[0]);
    close(from[1]);
    FILE* const answers = fdopen(to[1], "w");
    FILE* const questions = fdopen(from[0], "r");
    std::fprintf(answers, "%s\n", cookie.c_str());
    std::fflush(answers);
    bool success = false;
    char line[512];
    while (std::fgets(line, sizeof line, questions) != nullptr) {
        if (std::strncmp(line, "PAM_PROMPT", 10) == 0) {
            std::fprintf(answers, "%s\n", password.c_str());
            std::fflush(answers);
        }
        success = success || std::strncmp(line, "SUCCESS", 7) == 0;
    }
    std::fclose(answers);
    std::fclose(questions);
    waitpid(child, nullptr, 0);
    return success;
}

int answer(sd_bus_message* message, Agent* agent, sd_bus_error* error) {
    const char* action = "";
    const char* cookie = "";
    if (sd_bus_message_read(message, "s", &action) < 0 || sd_bus_message_skip(message, "ssa{ss}") < 0 ||
        sd_bus_message_read(message, "s", &cookie) < 0) {
        return sd_bus_error_set(error, "org.freedesktop.PolicyKit1.Error.Failed", "Not understood");
    }
    say(std::string("asked ") + action);
    if (agent->answers == 0) {
        return sd_bus_error_set(error, "org.freedesktop.PolicyKit1.Error.Cancelled", "The user pressed Cancel");
    }
    --agent->answers;
    say(authenticate(read_identity(message), cookie, agent->password) ? "accepted" : "rejected");
    return sd_bus_reply_method_return(message, "");
}

int begin(sd_bus_message* message, void* data, sd_bus_error* error) {
    auto* agent = static_cast<Agent*>(data);
    if (!agent->password.empty()) {
        return answer(message, agent, error);
    }
    say("asked");
    if (agent->silent) {
        sd_bus_message_unref(agent->open);
        agent->open = sd_bus_message_ref(message);
        return 1;
    }
    return sd_bus_error_set(error, "org.freedesktop.PolicyKit1.Error.Cancelled", "The user pressed Cancel");
}

int cancel(sd_bus_message* message, void* data, sd_bus_error* error) {
    static_cast<void>(error);
    auto* agent = static_cast<Agent*>(data);
    say("withdrawn");
    if (agent->open != nullptr) {
        sd_bus_reply_method_errorf(agent->open, "org.freedesktop.PolicyKit1.Error.Cancelled", "Withdrawn");
        agent->open = sd_bus_message_unref(agent->open);
    }
    return sd_bus_reply_method_return(message, "");
}

// Field 22 of /proc/PID/stat; fields are counted from the last ')'.
unsigned long long start_time(const char* pid) {
    std::ifstream file(std::string("/proc/") + pid + "/stat");
    std::stringstream text;
    text << file.rdbuf();
    std::istringstream fields(text.str().substr(text.str().rfind(')') + 1));
    std::string field;
    for (int number = 3; number <= 22; ++number) {
        fields >> field;
    }
    return std::strtoull(field.c_str(), nullptr, 10);
}

int add_subject(sd_bus_message* message, const char* subject) {
    constexpr const char* kSession = "session:";
    if (std::strncmp(subject, kSession, std::strlen(kSession)) == 0) {
        return sd_bus_message_append(message, "(sa{sv})", "unix-session", 1, "session-id", "s",
                                     subject + std::strlen(kSession));
    }
    return sd_bus_message_append(message, "(sa{sv})", "unix-process", 2, "pid", "u",
                                 static_cast<unsigned>(std::strtoul(subject, nullptr, 10)), "start-time", "t",
                                 start_time(subject));
}

int register_for(sd_bus* bus, const char* subject) {
    sd_bus_message* message = nullptr;
    int result = sd_bus_message_new_method_call(bus, &message, "org.freedesktop.PolicyKit1",
                                                "/org/freedesktop/PolicyKit1/Authority",
                                                "org.freedesktop.PolicyKit1.Authority", "RegisterAuthenticationAgent");
    if (result >= 0) {
        result = add_subject(message, subject);
    }
    if (result >= 0) {
        result = sd_bus_message_append(message, "ss", "C", "/org/portside/TestAgent");
    }
    sd_bus_error error = SD_BUS_ERROR_NULL;
    if (result >= 0) {
        result = sd_bus_call(bus, message, 0, &error, nullptr);
    }
    if (result < 0) {
        static_cast<void>(std::fprintf(stderr, "cannot register: errno %d %s\n", -result,
                                       error.message != nullptr ? error.message : ""));
    }
    sd_bus_error_free(&error);
    sd_bus_message_unref(message);
    return result;
}

const sd_bus_vtable kMethods[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("BeginAuthentication", "sssa{ss}sa(sa{sv})", "", begin, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("CancelAuthentication", "s", "", cancel, SD_BUS_VTABLE_UNPRIVILEGED), SD_BUS_VTABLE_END};

} // namespace

int main(int count, char** arguments) {
    if (count < 2) {
        return 2;
    }
    Agent agent;
    const std::string manner = count > 2 ? arguments[2] : "";
    agent.silent = manner == "silent";
    if (manner == "answer" && count > 3) {
        agent.password = arguments[3];
        agent.answers = count > 4 ? std::strtol(arguments[4], nullptr, 10) : 1000;
    }
    sd_bus* bus = nullptr;
    if (sd_bus_open_system(&bus) < 0 ||
        sd_bus_add_object_vtable(bus, nullptr, "/org/portside/TestAgent",
                                 "org.freedesktop.PolicyKit1.AuthenticationAgent", kMethods, &agent) < 0 ||
        register_for(bus, arguments[1]) < 0) {
        return 1;
    }
    say("registered");
    for (;;) {
        const int handled = sd_bus_process(bus, nullptr);
        if (handled < 0 || (handled == 0 && sd_bus_wait(bus, UINT64_MAX) < 0)) {
            return 1;
        }
    }
}
