//! Lists the attributes that are event handlers.

/// The names without `on`, in order ([HTML](https://html.spec.whatwg.org/#event-handlers-on-elements,-document-objects,-and-window-objects)
/// and the specifications that add to it). Other attributes that begin with `on` do nothing.
const HANDLERS: &str = "abort afterprint animationcancel animationend animationiteration \
    animationstart auxclick beforecopy beforecut beforeinput beforematch beforepaste beforeprint \
    beforetoggle beforeunload begin blur cancel canplay canplaythrough change click close command \
    contentvisibilityautostatechange contextlost contextmenu contextrestored copy cuechange cut \
    dblclick drag dragend dragenter dragexit dragleave dragover dragstart drop durationchange \
    emptied end ended error focus focusin focusout formdata fullscreenchange fullscreenerror \
    gotpointercapture hashchange input invalid keydown keypress keyup languagechange load \
    loadeddata loadedmetadata loadstart lostpointercapture message messageerror mousedown \
    mouseenter mouseleave mousemove mouseout mouseover mouseup mousewheel offline online pagehide \
    pagereveal pageshow pageswap paste pause play playing pointercancel pointerdown pointerenter \
    pointerleave pointermove pointerout pointerover pointerrawupdate pointerup popstate progress \
    ratechange readystatechange rejectionhandled repeat reset resize scroll scrollend \
    scrollsnapchange scrollsnapchanging search securitypolicyviolation seeked seeking select \
    selectionchange selectstart slotchange stalled storage submit suspend timeupdate toggle \
    touchcancel touchend touchmove touchstart transitioncancel transitionend transitionrun \
    transitionstart unhandledrejection unload volumechange waiting webkitanimationend \
    webkitanimationiteration webkitanimationstart webkitfullscreenchange webkitfullscreenerror \
    webkittransitionend wheel";

/// Returns `true` for an attribute whose value runs as script.
pub(super) fn is_handler(attribute: &str) -> bool {
    let name = attribute.strip_prefix("on");
    name.is_some_and(|name| HANDLERS.split_ascii_whitespace().any(|handler| handler == name))
}

#[cfg(test)]
mod tests {
    use super::is_handler;

    #[test]
    fn only_attributes_of_the_standards_are_handlers() {
        for (name, expected) in
            [("onclick", true), ("onload", true), ("once", false), ("on", false), ("@click", false)]
        {
            assert_eq!(is_handler(name), expected, "{name}");
        }
    }
}
