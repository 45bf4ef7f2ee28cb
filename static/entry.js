'use strict';
// The page works without this: here it is looked up while one types, and lines are added, without leaving the page.
{
    const PAUSE = 500;
    let asked = 0;
    let waiting;
    let lastLine;
    let busy = 0;
    let last = Promise.resolve();

    const form = () => document.getElementById('entry');

    // One request after the other: looking writes, and takes back what it wrote, and would stand in its own way.
    function inTurn(task) {
        busy += 1;
        last = last.then(task, task).finally(() => { busy -= 1; });
        return last;
    }

    async function answer(act) {
        const body = new FormData(form());
        body.set('do', act);
        const response = await fetch(form().action, {method: 'POST', body, redirect: 'error'});
        if (!response.headers.get('Content-Type').startsWith('text/html')) {
            throw new Error(response.statusText);
        }
        return new DOMParser().parseFromString(await response.text(), 'text/html');
    }

    // What is told beside the lines, what is wrong with a box, and what is offered: never the boxes themselves.
    async function look() {
        const mine = ++asked;
        const failed = document.getElementById('entry-failed');
        try {
            const page = await answer('check');
            if (mine !== asked) {
                return;
            }
            const said = [];
            for (const name of ['told', 'faults']) {
                for (const fresh of page.querySelectorAll(`[data-${name}]`)) {
                    const shown = form().querySelector(`[data-${name}="${fresh.dataset[name]}"]`);
                    if (shown && shown.innerHTML !== fresh.innerHTML) {
                        shown.innerHTML = fresh.innerHTML;
                        shown.parentElement.classList.toggle('errors', Boolean(shown.querySelector('.errorlist')));
                        said.push(...[...fresh.querySelectorAll('li')].map((each) => each.textContent));
                    }
                }
            }
            for (const fresh of page.querySelectorAll('datalist, .known')) {
                const shown = document.getElementById(fresh.id) || document.querySelector('.known');
                if (shown) {
                    shown.innerHTML = fresh.innerHTML;
                } else {
                    document.querySelector('#h-election').parentElement.append(fresh);
                }
            }
            document.getElementById('entry-said').textContent = said.join(' ');
            failed.hidden = true;
        } catch {
            failed.hidden = mine !== asked;
        }
    }

    function lookSoon() {
        clearTimeout(waiting);
        waiting = setTimeout(() => inTurn(look), PAUSE);
    }

    // A line is added by the server, which answers with the whole page; the cursor goes to its first box.
    async function add(button) {
        const before = new Set([...form().querySelectorAll('.line')].map((line) => line.id));
        clearTimeout(waiting);
        asked += 1;
        const page = await answer(button.value);
        form().replaceWith(page.getElementById('entry'));
        ready();
        const added = [...form().querySelectorAll('.line')].find((line) => !before.has(line.id));
        added?.querySelector('input:not([type=hidden]), select, textarea').focus();
    }

    function quote(button) {
        const text = document.getElementById(button.dataset.text);
        const chosen = text.value.slice(text.selectionStart, text.selectionEnd).trim().replace(/\s+/g, ' ');
        const box = (lastLine && document.getElementById(lastLine)?.querySelector('[name$="-excerpt"]'))
            || form().querySelector('[name$="-excerpt"]');
        if (chosen) {
            box.value = chosen;
            box.focus();
            lookSoon();
        }
    }

    function ready() {
        for (const button of form().querySelectorAll('button.quote')) {
            button.hidden = false;
        }
    }

    document.addEventListener('input', (event) => event.target.form === form() && lookSoon());
    document.addEventListener('focusin', (event) => {
        // On the way to the text one passes the paper's own boxes: of these only its quote counts.
        const line = event.target.name && event.target.closest('.line');
        const isPaper = line && line.closest('.papers') && !event.target.name.endsWith('-excerpt');
        if (line && !isPaper && line.querySelector('[name$="-excerpt"]')) {
            lastLine = line.id;
        }
    });
    document.addEventListener('click', (event) => {
        const button = event.target.closest('button');
        if (button?.matches('.quote')) {
            quote(button);
        } else if (button?.name === 'do' && /^(add|same):/.test(button.value)) {
            event.preventDefault();
            inTurn(() => add(button)).catch(() => form().requestSubmit(button));
        }
    });
    document.addEventListener('submit', (event) => {
        clearTimeout(waiting);
        if (event.target === form() && busy) {
            event.preventDefault();
            last.finally(() => form().requestSubmit(event.submitter));
        }
    });
    ready();
}
