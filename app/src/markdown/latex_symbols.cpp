#include "latex_symbols.h"

#include <QHash>
#include <QSet>

namespace altiplano::app {

namespace {

/// "name character name character ..." as a table.
QHash<QString, QString> pairs(const char* list) {
    QHash<QString, QString> table;
    const QStringList words = QString::fromUtf8(list).simplified().split(u' ');
    for (qsizetype i = 0; i + 1 < words.size(); i += 2)
        table.insert(words[i], words[i + 1]);
    return table;
}

constexpr const char* kSymbols = R"(
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ
    nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
    times × div ÷ cdot · pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ otimes ⊗ odot ⊙
    le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ ll ≪ gg ≫ prec ≺ succ ≻
    leqslant ⩽ geqslant ⩾ mid ∣ nmid ∤ parallel ∥ perp ⊥ angle ∠ triangle △
    in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪ cap ∩ setminus ∖ emptyset ∅ varnothing ∅
    forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ land ∧ wedge ∧ lor ∨ vee ∨ top ⊤ bot ⊥ vdash ⊢ models ⊨
    to → rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ iff ⟺
    longrightarrow ⟶ longleftarrow ⟵ mapsto ↦ uparrow ↑ downarrow ↓ rightharpoonup ⇀ hookrightarrow ↪
    sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ partial ∂ nabla ∇ infty ∞ hbar ℏ ell ℓ Re ℜ Im ℑ aleph ℵ
    bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀
    ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ therefore ∴ because ∵ prime ′ degree ° dagger † checkmark ✓ square □
    langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert | lVert ‖ rVert ‖ Vert ‖ backslash \
    lbrace { rbrace } colon : blacksquare ■ qed ∎
    sin sin cos cos tan tan cot cot sec sec csc csc arcsin arcsin arccos arccos arctan arctan sinh sinh cosh cosh
    tanh tanh log log ln ln lg lg exp exp lim lim limsup limsup liminf liminf max max min min sup sup inf inf
    det det dim dim ker ker deg deg gcd gcd arg arg argmax argmax argmin argmin Pr Pr mod mod bmod mod
)";

QSet<QString> words(const char* list) {
    const QStringList all = QString::fromUtf8(list).simplified().split(u' ');
    return {all.begin(), all.end()};
}

constexpr const char* kText =
    "text textbf textit textrm textsf texttt textnormal mbox operatorname operatorname* tag label";
constexpr const char* kPlain =
    "mathbf mathrm mathit mathsf mathtt mathcal mathfrak mathscr boldsymbol bm boxed displaystyle "
    "overbrace underbrace overline underline limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr "
    "biggl biggr textstyle";

/// `from` and `to` are of one length.
QString mapped(const QString& text, QStringView from, QStringView to) {
    QString out;
    for (const QChar c : text) {
        const qsizetype at = from.indexOf(c);
        if (at < 0) return {};
        out += to[at];
    }
    return out;
}

} // namespace

QString mathSymbol(const QString& command) {
    static const QHash<QString, QString> table = [] {
        QHash<QString, QString> all = pairs(kSymbols);
        all.insert(QStringLiteral("quad"), QStringLiteral("  "));
        all.insert(QStringLiteral("qquad"), QStringLiteral("    "));
        all.insert(QStringLiteral("pmod"), QStringLiteral("mod "));
        return all;
    }();
    return table.value(command);
}

bool isTextCommand(const QString& command) {
    static const QSet<QString> set = words(kText);
    return set.contains(command);
}

bool isPlainCommand(const QString& command) {
    static const QSet<QString> set = words(kPlain);
    return set.contains(command);
}

QChar combiningAccent(const QString& command) {
    static const QHash<QString, QChar> table{
        {QStringLiteral("hat"), QChar(0x302)},   {QStringLiteral("widehat"), QChar(0x302)},
        {QStringLiteral("tilde"), QChar(0x303)}, {QStringLiteral("widetilde"), QChar(0x303)},
        {QStringLiteral("bar"), QChar(0x304)},   {QStringLiteral("vec"), QChar(0x20d7)},
        {QStringLiteral("dot"), QChar(0x307)},   {QStringLiteral("ddot"), QChar(0x308)}};
    return table.value(command);
}

QString doubleStruck(const QString& letters) {
    const QString struck = mapped(letters, u"CHNPQRZ", u"ℂℍℕℙℚℝℤ");
    return struck.isEmpty() ? letters : struck;
}

QString superscript(const QString& text) {
    return mapped(text, u"0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWT′∗°",
                  u"⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ′*°");
}

QString subscript(const QString& text) {
    return mapped(text, u"0123456789+−-=()aehijklmnoprstuvx", u"₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ");
}

} // namespace altiplano::app
