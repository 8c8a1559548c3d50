#pragma once

#include <QVariantList>

namespace altiplano::app {

/// Well-known models that run here, from resources/catalogue.json: {name, maker, parameters, quantization,
/// bytes, license, use, link}. "bytes" is 0 where it is not known. "use" is one of quick, everyday, code,
/// large.
QVariantList readCatalogue();

} // namespace altiplano::app
