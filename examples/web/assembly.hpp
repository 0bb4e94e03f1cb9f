// The parts of the server as its settings want them: its sites, its bounds, and its listener.

#pragma once

#include <flux/nodes/http_message.hpp>
#include <flux/nodes/tcp.hpp>

#include "settings.hpp"
#include "sites.hpp"

// The folders that are served, with the media types of their files.
void add_sites(Sites& sites, const Settings& settings, const Configuration& configuration);

// How much of a request is read.
flux::nodes::Limits limits_of(const Settings& settings, bool takes_uploads);

// Where to listen, for how many, and by which certificates; BadCertificate, or std::system_error.
void set_up(flux::nodes::Listener& listener, const Settings& settings,
            const Configuration& configuration);

// Listen, and tell where; std::system_error.
void open_listener(flux::nodes::Listener& listener);
