// Loads the behaviours. Every page works without them; each one improves what is already there.
import "./elements/action-menu.js";
import "./elements/auto-submit.js";
import "./elements/bulk-table.js";
import "./elements/copy-button.js";
import "./elements/dialog-opener.js";
import "./elements/htmx-token.js";
import "./elements/otp-input.js";
import "./elements/password-field.js";
import "./elements/password-meter.js";
import "./elements/photo-input.js";
import "./elements/print-button.js";
import "./elements/search-filter.js";
import "./elements/shortcuts.js";
import "./elements/state-wait.js";
import "./elements/submit-once.js";
import "./elements/theme-switch.js";
import "./elements/toast-list.js";
